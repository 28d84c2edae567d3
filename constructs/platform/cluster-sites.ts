import type { Environment } from '../../model/environment';
import { guestSites } from '../../model/guests';
import { isImported, memberOf, MANAGEMENT, siteOf } from '../../model/lookup';

/** The other sites of a cluster, as one of its sites sees them: names and networks. */
export interface OtherSites {
  /** The site of the servers; none at home itself. */
  readonly home: Readonly<Record<string, string>>;
  /** Other sites with workers of the cluster. */
  readonly guest: Readonly<Record<string, string>>;
}

/** The other sites of a cluster, seen from one; none of a cluster that stands in one site. */
export function otherSites(environment: Environment, clusterName: string, siteName: string): OtherSites {
  const cluster = clusterName === MANAGEMENT ? undefined : memberOf(environment, clusterName);
  if (cluster === undefined || isImported(cluster)) return { home: {}, guest: {} };
  const networks = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.filter((it) => it !== siteName).map((it) => [it, siteOf(environment, it).cidr]));
  return { home: networks([cluster.site]), guest: networks(guestSites(cluster)) };
}
