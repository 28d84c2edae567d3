import { containsAddress, parseAddress, parseCidr } from '../cidr';
import { cloudSiteOf, raisedMembers, serverKeys } from '../lookup';
import { isServerSlot, serverAddress, serverSubnet, serverZone, storageAddress } from '../network-plan';
import { notAllowed } from '../problem';
import type { Problem } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import type { CloudGlusterSpec } from '../spec/storage';
import { STORAGE_NODES } from '../storage';
import { hostsOnClouds } from './metal';
import { cloudStorageOf, onPlatform, storageOf } from './rule';
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

export const storageOfPlatform: Rule = {
  id: 'storage-of-platform',
  check: (env) => [
    ...onPlatform(env, 'metal', cloudStorageOf(env)).map(({ path, value, site }) =>
      notAllowed(path, value, `must be given by hosts, as {hosts: [...]}: site "${site}" is on metal`),
    ),
    ...hostsOnClouds(env, storageOf(env)),
  ],
};

export const storageHasBrickDisk: Rule = {
  id: 'storage-has-brick-disk',
  check: (env) =>
    storageOf(env).flatMap(({ path, value, site: siteName }) => {
      const site = env.sites[siteName];
      if (!('hosts' in value) || site?.platform !== 'metal') return [];
      return value.hosts.flatMap((host, index) => {
        const spec = site.hosts[host];
        return spec === undefined || spec.disks.brick !== undefined
          ? []
          : [
              notAllowed(
                [...path, 'hosts', index],
                host,
                `must have a disk for a brick: set "sites.${siteName}.hosts.${host}.disks.brick"`,
              ),
            ];
      });
    }),
};

/** Storage nodes of a cluster, with its name and site. */
interface PlacedStorage extends PlacedInSite<CloudGlusterSpec> {
  readonly cluster: string;
}

/** Storage nodes of clouds whose addresses can be told, like the servers of their clusters. */
function plannedStorage(env: EnvironmentSpec): PlacedStorage[] {
  return plannedServers(env).flatMap(({ cluster, site }) => {
    const gluster = raisedMembers(env)[cluster]?.storage?.gluster;
    return gluster === undefined || 'hosts' in gluster
      ? []
      : [{ path: ['clusters', cluster, 'storage', 'gluster'], value: gluster, cluster, site }];
  });
}
