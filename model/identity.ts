import { clusterOf, isImported, MANAGEMENT, memberOf, regionOf, siteOf } from './lookup';
import type { EnvironmentSpec } from './spec/environment';

/** Where something stands when it belongs to a site and to no single cluster. */
export interface SiteIdentity {
  /** Platform: 'aws', 'azure', 'metal'; of an imported member what its data says. */
  readonly cloud: string;
  readonly env: string;
  /** Region as the platform calls it, such as 'eu-west-1' or 'westeurope'. */
  readonly region: string;
}

/** Who something is, everywhere: in tags, node labels, chart values, metrics, logs. */
export interface Identity extends SiteIdentity {
  /** Name of the member, or 'management'. */
  readonly cluster: string;
}

/** Prefix of every tag key that Drover sets; an environment may not use it. */
export const TAG_PREFIX = 'drover:';

/** Prefix of every node label that Drover sets; an environment may not use it. */
export const LABEL_PREFIX = 'drover/';

/** Node label of the site that a node stands in; it is no part of the identity, which is the cluster's. */
export const SITE_LABEL = `${LABEL_PREFIX}site`;

/** Identity of a member or of 'management'. Throws for a cluster or site that the environment does not have. */
export function identityOf(env: EnvironmentSpec, cluster: string): Identity {
  const member = cluster === MANAGEMENT ? undefined : memberOf(env, cluster);
  if (member !== undefined && isImported(member)) {
    return { cloud: member.cloud, env: env.name, region: member.region, cluster };
  }
  return { ...siteIdentityOf(env, clusterOf(env, cluster).site), cluster };
}

/** Identity of what a site shares: its network. Throws for a site that the environment does not have. */
export function siteIdentityOf(env: EnvironmentSpec, siteName: string): SiteIdentity {
  const site = siteOf(env, siteName);
  return { cloud: site.platform, env: env.name, region: regionOf(site) };
}

/** Cloud tags, 'drover:env' and so on. The identity wins over `extra`. */
export function tagsOf(
  identity: Identity | SiteIdentity,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return { ...extra, ...keyed(identity, (part) => `${TAG_PREFIX}${part}`) };
}

/** Node labels, 'drover/env' and so on. */
export function nodeLabelsOf(identity: Identity): Record<string, string> {
  return keyed(identity, (part) => `${LABEL_PREFIX}${part}`);
}

/** What every Helm release gets as its `global` value; also Prometheus external labels and log fields. */
export function globalsOf(identity: Identity): Record<string, string> {
  return keyed(identity, (part) => part);
}

function keyed(identity: Identity | SiteIdentity, key: (part: string) => string): Record<string, string> {
  return Object.fromEntries(parts(identity).map(([part, value]) => [key(part), value]));
}

function parts(identity: Identity | SiteIdentity): [string, string][] {
  const { cloud, env, region } = identity;
  const place: [string, string][] = [
    ['cloud', cloud],
    ['env', env],
    ['region', region],
  ];
  return 'cluster' in identity ? [...place, ['cluster', identity.cluster]] : place;
}
