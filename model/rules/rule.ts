import { siteOfGroup } from '../guests';
import { MANAGEMENT, raisedMembers } from '../lookup';
import type { Path, Problem } from '../problem';
import { nginxOf } from '../nginx';
import type { EnvironmentSpec } from '../spec/environment';
import type { MachineSpec } from '../spec/machine';
import type { CloudGroupSpec, NodeGroupSpec } from '../spec/node-group';
import type { CloudServersSpec, ServersSpec } from '../spec/servers';
import type { MetalSiteSpec, PlatformName } from '../spec/site';
import type { CloudMachineSpec, MetalMachineSpec } from '../spec/site-machine';
import type { CloudGlusterSpec, GlusterSpec } from '../spec/storage';

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

/** Whether some site stands on a platform. */
export function occurs({ sites }: Pick<EnvironmentSpec, 'sites'>, platform: PlatformName): boolean {
  return Object.values(sites).some((site) => site.platform === platform);
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

/** Machines of all servers, of node groups, of storage nodes, of sites and before Rancher's servers. */
export function machinesOf(env: EnvironmentSpec): PlacedInSite<MachineSpec>[] {
  const nginx = nginxOf(env);
  const { site } = env.management;
  const machines = nginx === undefined ? [] : [{ path: ['management', 'loadBalancer'], value: nginx, site }];
  return [
    ...cloudServersOf(env),
    ...machines,
    ...cloudGroupsOf(env),
    ...cloudStorageOf(env),
    ...cloudMachinesOf(env),
  ].map(({ path, value, site }) => ({
    path: [...path, 'machine'],
    value: value.machine,
    site,
  }));
}

/** Something of a site's data by the name of the machine that it is. */
export interface PlacedMachine<T> extends PlacedInSite<T> {
  readonly name: string;
}

/** Machines of all sites that are no nodes. */
export function siteMachinesOf(env: EnvironmentSpec): PlacedMachine<CloudMachineSpec | MetalMachineSpec>[] {
  return Object.entries(env.sites).flatMap(([site, { machines }]) =>
    Object.entries(machines).map(([name, value]) => ({ path: ['sites', site, 'machines', name], value, site, name })),
  );
}

/** Those of them that Drover makes. */
export function cloudMachinesOf(env: EnvironmentSpec): PlacedMachine<CloudMachineSpec>[] {
  return siteMachinesOf(env).flatMap(({ value, ...place }) => ('host' in value ? [] : [{ ...place, value }]));
}

/** Those of them that are hosts. */
export function metalMachinesOf(env: EnvironmentSpec): PlacedMachine<MetalMachineSpec>[] {
  return siteMachinesOf(env).flatMap(({ value, ...place }) => ('host' in value ? [{ ...place, value }] : []));
}

/** Storage nodes of all clusters. */
export function storageOf(env: EnvironmentSpec): PlacedInSite<GlusterSpec>[] {
  return Object.entries(raisedMembers(env)).flatMap(([cluster, { storage, site }]) =>
    storage === undefined ? [] : [{ path: ['clusters', cluster, 'storage', 'gluster'], value: storage.gluster, site }],
  );
}

/** Storage nodes whose machines Drover makes. */
export function cloudStorageOf(env: EnvironmentSpec): PlacedInSite<CloudGlusterSpec>[] {
  return storageOf(env).flatMap(({ value, ...place }) => ('hosts' in value ? [] : [{ ...place, value }]));
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
