import { noSuchCluster, noSuchSite, siteElsewhere, unknownPlatform } from './errors';
import type { ClusterSpec } from './spec/cluster';
import type { EnvironmentSpec } from './spec/environment';
import type { ManagementSpec } from './spec/management';
import type { SecretsSpec } from './spec/secrets';
import type { ServersSpec } from './spec/servers';
import type { AwsSiteSpec, AzureSiteSpec, SiteSpec } from './spec/site';

/** Name under which the management cluster is addressed; no member may have it. */
export const MANAGEMENT = 'management';

/** The management cluster or the member of that name. Throws for a name that the environment does not have. */
export function clusterOf(env: EnvironmentSpec, name: string): ManagementSpec | ClusterSpec {
  if (name === MANAGEMENT) return env.management;
  const cluster = env.clusters[name];
  if (cluster === undefined) throw noSuchCluster(name, clusterNames(env));
  return cluster;
}

/** Names of all clusters of an environment, the management cluster first. */
export function clusterNames(env: EnvironmentSpec): string[] {
  return [MANAGEMENT, ...Object.keys(env.clusters)];
}

/** The site of that name. Throws for a name that the environment does not have. */
export function siteOf(env: EnvironmentSpec, name: string): SiteSpec {
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

/** What the platform calls the place of a site. */
export function regionOf(site: SiteSpec): string {
  switch (site.platform) {
    case 'aws':
      return site.region;
    case 'azure':
      return site.location;
    default:
      return unknownPlatform(site);
  }
}

/** Where the secrets of an environment lie: what it says, else the own store of the platform that it stands on. */
export function secretsOf(env: Pick<EnvironmentSpec, 'secrets' | 'sites' | 'management'>): SecretsSpec {
  if (env.secrets !== undefined) return env.secrets;
  const site = env.sites[env.management.site];
  if (site === undefined) throw noSuchSite(env.management.site, Object.keys(env.sites));
  switch (site.platform) {
    case 'aws':
      return { kind: 'ssm' };
    case 'azure':
      return { kind: 'keyvault', allowedCidrs: [] };
    default:
      return unknownPlatform(site);
  }
}

/** Keys of the servers, 's1' to 'sN': the identity of each machine. */
export function serverKeys(servers: Pick<ServersSpec, 'count'>): string[] {
  return Array.from({ length: servers.count }, (_, index) => `s${index + 1}`);
}

/** Whether a member has machines that take web traffic from outside. */
export function hasIngressNodes({ nodeGroups }: Pick<ClusterSpec, 'nodeGroups'>): boolean {
  return Object.values(nodeGroups).some((group) => group.role === 'ingress');
}
