import { containsAddress, parseAddress, parseCidr } from '../cidr';
import { clusterNames, hasIngressNodes, MANAGEMENT, raisedMembers } from '../lookup';
import { keepalivedOf } from '../nginx';
import { notAllowed } from '../problem';
import type { Problem } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import type { KeepalivedSpec } from '../spec/load-balancer';
import type { MetalSiteSpec } from '../spec/site';
import { onPlatform } from './rule';
import type { PlacedInSite, Rule } from './rule';

export const keepalivedOnMetal: Rule = {
  id: 'keepalived-on-metal',
  check: (env) => {
    const placed = keepalivedPairs(env);
    return [...onPlatform(env, 'aws', placed), ...onPlatform(env, 'azure', placed)].map(({ path, value, site }) =>
      notAllowed(
        [...path, 'kind'],
        value.kind,
        `must be ${path[0] === MANAGEMENT ? '"platform"' : 'left out with its map'}: site "${site}" is on a cloud, which has load balancers`,
      ),
    );
  },
};

export const loadBalancerOnMetal: Rule = {
  id: 'load-balancer-on-metal',
  check: (env) => {
    const { management } = env;
    const own = {
      path: ['management', 'loadBalancer', 'kind'],
      value: management.loadBalancer.kind,
      site: management.site,
    };
    const members = Object.entries(raisedMembers(env))
      .filter(([, cluster]) => hasIngressNodes(cluster) && cluster.loadBalancer === undefined)
      .map(([name, { site }]) => ({ path: ['clusters', name, 'loadBalancer'], value: name, site }));
    const idle = keepalivedPairs(env).filter(({ path }) => {
      const cluster = raisedMembers(env)[String(path[1])];
      return path[0] !== MANAGEMENT && cluster !== undefined && !hasIngressNodes(cluster);
    });
    return [
      ...onPlatform(env, 'metal', idle).map(({ path, value }) =>
        notAllowed(
          path,
          value,
          'must be left out, or give a node group the role "ingress": nothing else takes traffic',
        ),
      ),
      ...onPlatform(env, 'metal', [own])
        .filter(({ value }) => value !== 'keepalived')
        .map(({ path, value, site }) =>
          notAllowed(path, value, `must be "keepalived": site "${site}" is on metal and has no load balancer`),
        ),
      ...onPlatform(env, 'metal', members).map(({ path }) => ({
        path,
        text: 'is missing: on metal an ingress group needs hosts with a virtual address before it',
      })),
    ];
  },
};

export const virtualAddressInNetwork: Rule = {
  id: 'virtual-address-in-network',
  check: (env) =>
    onMetal(env).flatMap(({ path, value: { virtualAddress }, site, metal }) =>
      containsAddress(parseCidr(metal.cidr), parseAddress(virtualAddress))
        ? []
        : [
            notAllowed(
              [...path, 'virtualAddress'],
              virtualAddress,
              `must lie in ${metal.cidr}, the network of site "${site}"`,
            ),
          ],
    ),
};

export const virtualAddressFree: Rule = {
  id: 'virtual-address-free',
  check: (env) => {
    const owners = new Map<string, string>();
    return onMetal(env).flatMap(({ path, value: { virtualAddress }, site, metal }): Problem[] => {
      const key = `${site} ${virtualAddress}`;
      const host = Object.entries(metal.hosts).find(([, { address }]) => address === virtualAddress)?.[0];
      const owner = host === undefined ? owners.get(key) : `host "${host}"`;
      owners.set(key, `cluster "${path[0] === MANAGEMENT ? MANAGEMENT : String(path[1])}"`);
      return owner === undefined
        ? []
        : [notAllowed([...path, 'virtualAddress'], virtualAddress, `must be a free address: ${owner} has it`)];
    });
  },
};

export const routerIdsDistinct: Rule = {
  id: 'router-ids-distinct',
  check: (env) => {
    const pairs = onMetal(env);
    return pairs.flatMap(({ path, value: { routerId }, site }, index) =>
      pairs.slice(0, index).some((other) => other.site === site && other.value.routerId === routerId)
        ? [notAllowed([...path, 'routerId'], routerId, `must differ from the other pairs of site "${site}"`)]
        : [],
    );
  },
};

/** Hosts with a virtual address, wherever an environment names them. */
export function keepalivedPairs(env: EnvironmentSpec): PlacedInSite<KeepalivedSpec>[] {
  return clusterNames(env).flatMap((cluster) => {
    const value = keepalivedOf(env, cluster);
    const holder = cluster === MANAGEMENT ? env.management : raisedMembers(env)[cluster];
    if (value === undefined || holder === undefined) return [];
    const path = cluster === MANAGEMENT ? [MANAGEMENT, 'loadBalancer'] : ['clusters', cluster, 'loadBalancer'];
    return [{ path, value, site: holder.site }];
  });
}

function onMetal(env: EnvironmentSpec): (PlacedInSite<KeepalivedSpec> & { readonly metal: MetalSiteSpec })[] {
  return keepalivedPairs(env).flatMap((pair) => {
    const metal = env.sites[pair.site];
    return metal?.platform === 'metal' ? [{ ...pair, metal }] : [];
  });
}
