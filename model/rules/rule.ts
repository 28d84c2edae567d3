import { siteOfGroup } from '../guests';
import { MANAGEMENT, raisedMembers } from '../lookup';
import type { Path, Problem } from '../problem';
import { nginxOf } from '../nginx';
import type { EnvironmentSpec } from '../spec/environment';
import type { MachineSpec } from '../spec/machine';
import type { CloudGroupSpec, NodeGroupSpec } from '../spec/node-group';
import type { CloudServersSpec, ServersSpec } from '../spec/servers';
import type { MetalSiteSpec, PlatformName } from '../spec/site';
import type { GlusterSpec } from '../spec/storage';

/** Something that must hold between several fields of an environment. */
export interface Rule {
  /** Name of the rule, in kebab-case; also of its case in the corpus. */
  readonly id: string;
  /** What in the environment breaks the rule. Sees only environments whose every field is right by itself. */
  readonly check: (env: EnvironmentSpec) => Problem[];
}

/** Something in an environment, with its place. */
export interface Placed<T> {
  readonly path: Path;
  readonly value: T;
}

/** Something that stands in a site. */
export interface PlacedInSite<T> extends Placed<T> {
  readonly site: string;
}

/** Node groups of all clusters, each with the site of its machines. */
export function nodeGroupsOf(env: EnvironmentSpec): PlacedInSite<NodeGroupSpec>[] {
  return Object.entries(raisedMembers(env)).flatMap(([name, cluster]) =>
    Object.entries(cluster.nodeGroups).map(([group, value]) => ({
      path: ['clusters', name, 'nodeGroups', group],
      value,
      site: siteOfGroup(cluster, value),
    })),
  );
}

/** Node groups whose machines Drover makes. */
export function cloudGroupsOf(env: EnvironmentSpec): PlacedInSite<CloudGroupSpec>[] {
  return nodeGroupsOf(env).flatMap(({ value, ...place }) => ('hosts' in value ? [] : [{ ...place, value }]));
}

/** Those that stand on a platform; a site that does not exist is another rule's complaint. */
export function onPlatform<T extends PlacedInSite<unknown>>(
  env: EnvironmentSpec,
  platform: PlatformName,
  placed: readonly T[],
): T[] {
  return placed.filter(({ site }) => env.sites[site]?.platform === platform);
}

/** The platform of all sites; none where they differ, which is a complaint of its own. */
export function platformOf({ sites }: EnvironmentSpec): PlatformName | undefined {
  const platforms = new Set(Object.values(sites).map((site) => site.platform));
  const [platform] = platforms;
  return platforms.size === 1 ? platform : undefined;
}

/** A cluster's servers, with the cluster's name and site. */
export interface PlacedServers<T = ServersSpec> extends PlacedInSite<T> {
  readonly cluster: string;
}

/** Servers of all clusters, the management cluster's first. */
export function serversOf(env: EnvironmentSpec): PlacedServers[] {
  const { management } = env;
  return [
    { path: ['management', 'servers'], value: management.servers, cluster: MANAGEMENT, site: management.site },
    ...Object.entries(raisedMembers(env)).map(([cluster, { servers, site }]) => ({
      path: ['clusters', cluster, 'servers'],
      value: servers,
      cluster,
      site,
    })),
  ];
}

/** Servers whose machines Drover makes. */
export function cloudServersOf(env: EnvironmentSpec): PlacedServers<CloudServersSpec>[] {
  return serversOf(env).flatMap(({ value, ...place }) => ('hosts' in value ? [] : [{ ...place, value }]));
}

/** Machines of all servers, of node groups, of storage nodes and before Rancher's servers. */
export function machinesOf(env: EnvironmentSpec): PlacedInSite<MachineSpec>[] {
  const nginx = nginxOf(env);
  const { site } = env.management;
  const machines = nginx === undefined ? [] : [{ path: ['management', 'loadBalancer'], value: nginx, site }];
  return [...cloudServersOf(env), ...machines, ...cloudGroupsOf(env), ...storageOf(env)].map(
    ({ path, value, site }) => ({
      path: [...path, 'machine'],
      value: value.machine,
      site,
    }),
  );
}

/** Storage nodes of all clusters. */
export function storageOf(env: EnvironmentSpec): PlacedInSite<GlusterSpec>[] {
  return Object.entries(raisedMembers(env)).flatMap(([cluster, { storage, site }]) =>
    storage === undefined ? [] : [{ path: ['clusters', cluster, 'storage', 'gluster'], value: storage.gluster, site }],
  );
}

/** Indexes of the items that an earlier item already is. */
export function repeatedIndexes(items: readonly string[]): number[] {
  return [...items.keys()].filter((index) => items.indexOf(items[index] ?? '') < index);
}

/** Words as a message lists them. */
export function listed(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(', ');
}

/** Sites on metal, by name. */
export function metalSites(env: EnvironmentSpec): [string, MetalSiteSpec][] {
  return Object.entries(env.sites).flatMap(([name, site]): [string, MetalSiteSpec][] =>
    site.platform === 'metal' ? [[name, site]] : [],
  );
}
