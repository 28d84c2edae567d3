import { importedCluster, noSuchCluster, noSuchSite, notForPlatform, siteElsewhere, unknownPlatform } from './errors';
import type { SecretPlace } from './secret-ref';
import type { ClusterSpec } from './spec/cluster';
import type { DnsSpec } from './spec/dns';
import type { EnvironmentSpec } from './spec/environment';
import type { ImportedSpec } from './spec/imported';
import type { ManagementSpec } from './spec/management';
import type { MemberSpec } from './spec/member';
import type { CloudGroupSpec, MetalGroupSpec, NodeGroupSpec } from './spec/node-group';
import type { SecretsSpec } from './spec/secrets';
import type { CloudServersSpec, MetalServersSpec, ServersSpec } from './spec/servers';
import type { AwsSiteSpec, AzureSiteSpec, CloudSiteSpec, MetalSiteSpec, PlatformName, SiteSpec } from './spec/site';
import type { SnapshotsSpec } from './spec/snapshots';
import type { CloudGlusterSpec, GlusterSpec, MetalGlusterSpec } from './spec/storage';
import type { VaultSpec } from './spec/vault';

/** Name under which the management cluster is addressed; no member may have it. */
export const MANAGEMENT = 'management';

/** Whether others made a member. */
export function isImported(member: MemberSpec): member is ImportedSpec {
  return member.kind === 'imported';
}

/** The member of that name. Throws for a name that is no member of the environment. */
export function memberOf(env: Pick<EnvironmentSpec, 'clusters'>, name: string): MemberSpec {
  const member = env.clusters[name];
  if (member === undefined) throw noSuchCluster(name, [MANAGEMENT, ...Object.keys(env.clusters)]);
  return member;
}

/** Members that Drover raises, by name. */
export function raisedMembers({ clusters }: Pick<EnvironmentSpec, 'clusters'>): Record<string, ClusterSpec> {
  return Object.fromEntries(
    Object.entries(clusters).flatMap(([name, member]) => (isImported(member) ? [] : [[name, member]])),
  );
}

/** Members that others made, by name. */
export function importedMembers({ clusters }: Pick<EnvironmentSpec, 'clusters'>): Record<string, ImportedSpec> {
  return Object.fromEntries(
    Object.entries(clusters).flatMap(([name, member]) => (isImported(member) ? [[name, member]] : [])),
  );
}

/**
 * The management cluster or the member of that name, which must have machines of ours. Throws for a name that the
 * environment does not have and for an imported member.
 */
export function clusterOf(env: EnvironmentSpec, name: string): ManagementSpec | ClusterSpec {
  if (name === MANAGEMENT) return env.management;
  const member = memberOf(env, name);
  if (isImported(member)) throw importedCluster(name);
  return member;
}

/** Names of all clusters with machines of ours, the management cluster first. */
export function clusterNames(env: EnvironmentSpec): string[] {
  return [MANAGEMENT, ...Object.keys(raisedMembers(env))];
}

/**
 * Name of the cluster in whose site the secrets for a cluster's stacks lie: its own, for an imported member, which has
 * no site, the management cluster's.
 */
export function storeOwnerOf(env: EnvironmentSpec, name: string): string {
  return name !== MANAGEMENT && isImported(memberOf(env, name)) ? MANAGEMENT : name;
}

/** The site of that name. Throws for a name that the environment does not have. */
export function siteOf(env: Pick<EnvironmentSpec, 'sites'>, name: string): SiteSpec {
  const site = env.sites[name];
  if (site === undefined) throw noSuchSite(name, Object.keys(env.sites));
  return site;
}

/** The site of that name, which must be on AWS. */
export function awsSiteOf(env: EnvironmentSpec, name: string): AwsSiteSpec {
  const site = siteOf(env, name);
  if (site.platform !== 'aws') throw siteElsewhere(name, site.platform, 'aws');
  return site;
}

/** The site of that name, which must be on Azure. */
export function azureSiteOf(env: EnvironmentSpec, name: string): AzureSiteSpec {
  const site = siteOf(env, name);
  if (site.platform !== 'azure') throw siteElsewhere(name, site.platform, 'azure');
  return site;
}

/** The site of that name, which must be on metal. */
export function metalSiteOf(env: EnvironmentSpec, name: string): MetalSiteSpec {
  const site = siteOf(env, name);
  if (site.platform !== 'metal') throw siteElsewhere(name, site.platform, 'metal');
  return site;
}

/** The site of that name, which must be one whose machines Drover makes. */
export function cloudSiteOf(env: EnvironmentSpec, name: string): CloudSiteSpec {
  const site = siteOf(env, name);
  if (site.platform === 'metal') throw siteElsewhere(name, site.platform, 'aws or azure');
  return site;
}

/** What the platform calls the place of a site. */
export function regionOf(site: SiteSpec): string {
  switch (site.platform) {
    case 'aws':
      return site.region;
    case 'azure':
      return site.location;
    case 'metal':
      return site.region;
    default:
      return unknownPlatform(site);
  }
}

/** The kind of store that the machines of each platform have an identity for. */
export const STORES: Readonly<Record<PlatformName, SecretsSpec['kind']>> = {
  aws: 'ssm',
  azure: 'keyvault',
  metal: 'vault',
};

/**
 * Where the secrets of a site's clusters lie: what the site says, else what the environment says of stores of that
 * kind, else the platform's own.
 */
export function secretsOf(env: Pick<EnvironmentSpec, 'secrets' | 'sites'>, siteName: string): SecretsSpec {
  const site = siteOf(env, siteName);
  if (site.secrets !== undefined) return site.secrets;
  if (env.secrets?.kind === STORES[site.platform]) return env.secrets;
  switch (site.platform) {
    case 'aws':
      return { kind: 'ssm' };
    case 'azure':
      return { kind: 'keyvault', allowedCidrs: [] };
    case 'metal':
      // It has no store of its own; a rule demands that one is named.
      throw notForPlatform('secrets', 'a kind of secret store', 'metal');
    default:
      return unknownPlatform(site);
  }
}

/** The Vault of a site on metal. Throws where secrets lie elsewhere. */
export function vaultOf(env: Pick<EnvironmentSpec, 'secrets' | 'sites'>, siteName: string): VaultSpec {
  const secrets = secretsOf(env, siteName);
  if (secrets.kind !== 'vault') throw notForPlatform('secrets', 'kind "vault"', 'metal');
  return secrets;
}

/** The pre-shared key by which machines of a site speak with Zabbix; none where nothing watches them. */
export function zabbixKeyOf({ zabbix, sites }: EnvironmentSpec, siteName: string): SecretPlace | undefined {
  return zabbix === undefined ? undefined : (siteOf({ sites }, siteName).zabbixKey ?? zabbix.pskSecret).place;
}

/** The store of one's own that servers in a site take snapshots of etcd to; none where the platform has its own way. */
export function snapshotsOf(env: Pick<EnvironmentSpec, 'sites'>, siteName: string): SnapshotsSpec | undefined {
  const site = siteOf(env, siteName);
  return site.platform === 'aws' ? undefined : site.snapshots;
}

/** Domain of the names of a site's clusters. */
export function domainOf(env: Pick<EnvironmentSpec, 'domain' | 'sites'>, siteName: string): string {
  return siteOf(env, siteName).domain ?? env.domain;
}

/** Where the names of a site's clusters are written. */
export function dnsOf(env: Pick<EnvironmentSpec, 'dns' | 'sites'>, siteName: string): DnsSpec {
  return siteOf(env, siteName).dns ?? env.dns;
}

/** Domain of the names of a cluster; of an imported member, which has no site, the environment's. */
export function domainOfCluster(env: EnvironmentSpec, name: string): string {
  return name !== MANAGEMENT && isImported(memberOf(env, name)) ? env.domain : domainOf(env, clusterOf(env, name).site);
}

/** Servers whose machines Drover makes. Throws for hosts, which a rule refuses on clouds. */
export function cloudServers(servers: ServersSpec): CloudServersSpec {
  if ('hosts' in servers) throw notForPlatform('servers', 'count and machine', 'a cloud');
  return servers;
}

/** Servers that are hosts of a site. Throws for others, which a rule refuses on metal. */
export function metalServers(servers: ServersSpec): MetalServersSpec {
  if (!('hosts' in servers)) throw notForPlatform('servers', 'hosts', 'metal');
  return servers;
}

/** A group whose machines Drover makes. Throws for hosts, which a rule refuses on clouds. */
export function cloudGroup(group: NodeGroupSpec): CloudGroupSpec {
  if ('hosts' in group) throw notForPlatform('nodeGroups', 'maxSize and machine', 'a cloud');
  return group;
}

/** A group of hosts of a site. Throws for others, which a rule refuses on metal. */
export function metalGroup(group: NodeGroupSpec): MetalGroupSpec {
  if (!('hosts' in group)) throw notForPlatform('nodeGroups', 'hosts', 'metal');
  return group;
}

/** Storage nodes whose machines Drover makes. Throws for hosts, which a rule refuses on clouds. */
export function cloudGluster(gluster: GlusterSpec): CloudGlusterSpec {
  if ('hosts' in gluster) throw notForPlatform('storage.gluster', 'machine and brickGiB', 'a cloud');
  return gluster;
}

/** Storage nodes that are hosts of a site. Throws for others, which a rule refuses on metal. */
export function metalGluster(gluster: GlusterSpec): MetalGlusterSpec {
  if (!('hosts' in gluster)) throw notForPlatform('storage.gluster', 'hosts', 'metal');
  return gluster;
}

/** Keys of the servers, the identity of each machine: 's1' to 'sN', on metal the names of the hosts. */
export function serverKeys(servers: Pick<CloudServersSpec, 'count'> | Pick<MetalServersSpec, 'hosts'>): string[] {
  if ('hosts' in servers) return [...servers.hosts];
  return Array.from({ length: servers.count }, (_, index) => `s${index + 1}`);
}

/** Whether a member has machines that take web traffic from outside. */
export function hasIngressNodes({ nodeGroups }: Pick<ClusterSpec, 'nodeGroups'>): boolean {
  return Object.values(nodeGroups).some((group) => group.role === 'ingress');
}
