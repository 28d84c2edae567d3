import { MANAGEMENT } from '../lookup';
import type { Path } from '../problem';
import type { DnsSpec } from '../spec/dns';
import type { EnvironmentSpec } from '../spec/environment';
import type { PlatformName } from '../spec/site';

/** A zone that names are written into, and the sites whose clusters have them. */
export interface UsedZone {
  /** Place of the zone: the environment's, or a site's own. */
  readonly path: Path;
  readonly dns: DnsSpec;
  readonly sites: readonly { readonly name: string; readonly platform: PlatformName }[];
}

/** The environment's zone with the sites that have no other, then the zones of single sites. */
export function usedZones({ dns, sites }: EnvironmentSpec): UsedZone[] {
  const all = Object.entries(sites).map(([name, { platform, dns: own }]) => ({ name, platform, own }));
  return [
    { path: ['dns'], dns, sites: all.filter(({ own }) => own === undefined) },
    ...all.flatMap(({ name, platform, own }) =>
      own === undefined ? [] : [{ path: ['sites', name, 'dns'], dns: own, sites: [{ name, platform }] }],
    ),
  ];
}

/** Place of the zone of a site. */
export function zonePath({ sites }: EnvironmentSpec, siteName: string): Path {
  return sites[siteName]?.dns === undefined ? ['dns'] : ['sites', siteName, 'dns'];
}

/** The one platform whose sites use a zone; none where they differ, or where nobody does. */
export function soleUser({ sites }: UsedZone): PlatformName | undefined {
  const [platform, ...others] = new Set(sites.map((site) => site.platform));
  return others.length === 0 ? platform : undefined;
}

/** Who writes the names of a zone. */
export function writerOf({ manual, resourceGroup }: DnsSpec): PlatformName {
  if (manual) return 'metal';
  return resourceGroup === undefined ? 'aws' : 'azure';
}

/** Whether a name is that of the zone or below it. */
export function liesIn(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** Names that a cluster has, all below the first; only in sites that exist. */
export function clustersWithNames(env: EnvironmentSpec): { name: string; site: string; path: Path }[] {
  const raised = Object.entries(env.clusters).flatMap(([name, member]) =>
    'site' in member ? [{ name, site: member.site, path: ['clusters', name] }] : [],
  );
  return [{ name: MANAGEMENT, site: env.management.site, path: ['management'] }, ...raised].filter(
    ({ site }) => site in env.sites,
  );
}
