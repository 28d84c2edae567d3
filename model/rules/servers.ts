import { containsAddress, parseAddress, parseCidr } from '../cidr';
import { cloudSiteOf, serverKeys } from '../lookup';
import { isServerSlot, serverAddress, serverSubnet, serverZone } from '../network-plan';
import { keyNotAllowed, notAllowed } from '../problem';
import type { Problem } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import type { CloudServersSpec } from '../spec/servers';
import { managementReserved } from './names';
import { siteCidrSize } from './sites';
import { cloudServersOf } from './rule';
import type { PlacedServers, Rule } from './rule';

export const renewWithinCount: Rule = {
  id: 'renew-within-count',
  check: (env) => cloudServersOf(env).flatMap((placed) => strangers(placed, 'renew')),
};

export const addressesWithinCount: Rule = {
  id: 'addresses-within-count',
  check: (env) => cloudServersOf(env).flatMap((placed) => strangers(placed, 'addresses')),
};

export const serverAddressInSubnet: Rule = {
  id: 'server-address-in-subnet',
  check: (env) =>
    plannedServers(env).flatMap(({ path, value, cluster, site }) =>
      serverKeys(value).flatMap((server) => {
        const address = value.addresses[server];
        if (address === undefined) return [];
        const subnet = serverSubnet(env, cluster, server);
        const zone = serverZone(cloudSiteOf(env, site), server);
        if (!containsAddress(parseCidr(subnet), parseAddress(address))) {
          return [
            notAllowed([...path, 'addresses', server], address, `must lie in ${subnet}, the servers of zone ${zone}`),
          ];
        }
        return isServerSlot(parseCidr(subnet), parseAddress(address))
          ? []
          : [
              notAllowed(
                [...path, 'addresses', server],
                address,
                `must be neither among the first ten addresses of ${subnet} nor its last`,
              ),
            ];
      }),
    ),
};

export const serverAddressesDistinct: Rule = {
  id: 'server-addresses-distinct',
  check: (env) => {
    const owners = new Map<string, string>();
    return plannedServers(env).flatMap(({ path, value, cluster, site }) =>
      serverKeys(value).flatMap((server): Problem[] => {
        const address = serverAddress(env, cluster, server);
        const key = `${site} ${address}`;
        const owner = owners.get(key);
        if (owner !== undefined) {
          const at = [...path, 'addresses', server];
          return [notAllowed(at, address, `is the address of ${owner} too: set "${at.join('.')}" to a free one`)];
        }
        owners.set(key, `server "${server}" of "${cluster}"`);
        return [];
      }),
    );
  },
};

function strangers({ path, value }: PlacedServers<CloudServersSpec>, field: 'renew' | 'addresses'): Problem[] {
  const known = serverKeys(value);
  return Object.keys(value[field])
    .filter((server) => !known.includes(server))
    .map((server) => keyNotAllowed([...path, field, server], `must be a server that exists, s1 to s${value.count}`));
}

/** Servers whose addresses can be told: a missing site, a wrong size, a reserved name are other rules' complaints. */
export function plannedServers(env: EnvironmentSpec): PlacedServers<CloudServersSpec>[] {
  if (siteCidrSize.check(env).length > 0 || managementReserved.check(env).length > 0) return [];
  return cloudServersOf(env).filter(({ site }) => (env.sites[site]?.platform ?? 'metal') !== 'metal');
}
