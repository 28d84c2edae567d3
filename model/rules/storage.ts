import { containsAddress, parseAddress, parseCidr } from '../cidr';
import { cloudSiteOf, raisedMembers, serverKeys } from '../lookup';
import { isServerSlot, serverAddress, serverSubnet, serverZone, storageAddress } from '../network-plan';
import { notAllowed } from '../problem';
import type { Problem } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import type { GlusterSpec } from '../spec/storage';
import { STORAGE_NODES } from '../storage';
import { onPlatform, storageOf } from './rule';
import type { PlacedInSite, Rule } from './rule';
import { plannedServers } from './servers';

export const storageAddressInSubnet: Rule = {
  id: 'storage-address-in-subnet',
  check: (env) =>
    plannedStorage(env).flatMap(({ path, value, cluster, site }) =>
      STORAGE_NODES.flatMap((node): Problem[] => {
        const address = value.addresses[node];
        if (address === undefined) return [];
        const subnet = serverSubnet(env, cluster, node);
        const zone = serverZone(cloudSiteOf(env, site), node);
        const [network, number] = [parseCidr(subnet), parseAddress(address)];
        if (containsAddress(network, number) && isServerSlot(network, number)) return [];
        return [
          notAllowed(
            [...path, 'addresses', node],
            address,
            `must lie in ${subnet}, the servers of zone ${zone}, and be neither among its first ten addresses nor its last`,
          ),
        ];
      }),
    ),
};

export const storageAddressesDistinct: Rule = {
  id: 'storage-addresses-distinct',
  check: (env) => {
    const owners = new Map<string, string>();
    for (const { value, cluster, site } of plannedServers(env)) {
      for (const server of serverKeys(value)) {
        owners.set(`${site} ${serverAddress(env, cluster, server)}`, `server "${server}" of "${cluster}"`);
      }
    }
    return plannedStorage(env).flatMap(({ path, cluster, site }) =>
      STORAGE_NODES.flatMap((node): Problem[] => {
        const address = storageAddress(env, cluster, node);
        const key = `${site} ${address}`;
        const owner = owners.get(key);
        owners.set(key, owner ?? `storage node "${node}" of "${cluster}"`);
        const at = [...path, 'addresses', node];
        return owner === undefined
          ? []
          : [notAllowed(at, address, `is the address of ${owner} too: set "${at.join('.')}" to a free one`)];
      }),
    );
  },
};

export const storageOnClouds: Rule = {
  id: 'storage-on-clouds',
  check: (env) =>
    onPlatform(env, 'metal', storageOf(env)).map(({ path, site }) => ({
      path,
      text: `must be left out: site "${site}" is on metal, where Drover makes no storage nodes`,
    })),
};

/** Storage nodes of a cluster, with its name and site. */
interface PlacedStorage extends PlacedInSite<GlusterSpec> {
  readonly cluster: string;
}

/** Storage nodes whose addresses can be told, like the servers of their clusters. */
function plannedStorage(env: EnvironmentSpec): PlacedStorage[] {
  return plannedServers(env).flatMap(({ cluster, site }) => {
    const gluster = raisedMembers(env)[cluster]?.storage?.gluster;
    return gluster === undefined
      ? []
      : [{ path: ['clusters', cluster, 'storage', 'gluster'], value: gluster, cluster, site }];
  });
}
