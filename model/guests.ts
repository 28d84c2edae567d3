import { siteOf } from './lookup';
import type { ClusterSpec } from './spec/cluster';
import type { EnvironmentSpec } from './spec/environment';
import type { NodeGroupSpec } from './spec/node-group';

/** The site of a cluster's servers, its home; and its node groups, some of which may be guests of other sites. */
type Placed = Pick<ClusterSpec, 'site' | 'nodeGroups'>;

/** The site that the machines of a group stand in. */
export function siteOfGroup({ site }: Pick<ClusterSpec, 'site'>, group: Pick<NodeGroupSpec, 'site'>): string {
  return group.site ?? site;
}

/** Node groups of a cluster in one site, by name. */
export function groupsIn(cluster: Placed, siteName: string): Record<string, NodeGroupSpec> {
  return Object.fromEntries(
    Object.entries(cluster.nodeGroups).filter(([, group]) => siteOfGroup(cluster, group) === siteName),
  );
}

/** Sites beside its home in which a cluster has node groups, each once. */
export function guestSites(cluster: Placed): string[] {
  const sites = Object.values(cluster.nodeGroups).map((group) => siteOfGroup(cluster, group));
  return [...new Set(sites)].filter((site) => site !== cluster.site);
}

/** Whether the machines of a cluster stand in several sites. Such a cluster has no cloud controller manager. */
export function isMixed(cluster: Placed): boolean {
  return guestSites(cluster).length > 0;
}

/** Sites that a route leads to from this one, for this cluster, each once. */
export function linkedSites({ links }: Pick<EnvironmentSpec, 'links'>, siteName: string, cluster: string): string[] {
  const ends = links
    .filter(({ sites, clusters }) => sites.includes(siteName) && (clusters?.includes(cluster) ?? true))
    .flatMap(({ sites }) => sites);
  return [...new Set(ends)].filter((site) => site !== siteName);
}

/** Whether some machines of a cluster are hosts, which nobody replaces. */
export function standsOnMetal(env: EnvironmentSpec, cluster: Placed): boolean {
  return [cluster.site, ...guestSites(cluster)].some((site) => siteOf(env, site).platform === 'metal');
}

/**
 * Whether an autoscaler can scale the groups at a cluster's home. That for Azure stops at the first node whose provider id
 * is none of Azure; that for AWS passes over others.
 * @see https://github.com/kubernetes/autoscaler/issues/4138
 * @see https://github.com/kubernetes/autoscaler/pull/8047
 */
export function isAutoscaled(env: Pick<EnvironmentSpec, 'sites'>, cluster: Placed): boolean {
  const platformOf = (site: string): string | undefined => env.sites[site]?.platform;
  return platformOf(cluster.site) !== 'azure' || guestSites(cluster).every((site) => platformOf(site) === 'azure');
}
