import type { Environment } from '../../model/environment';
import { guestSites } from '../../model/guests';
import { isImported, memberOf, siteOf } from '../../model/lookup';
import { flows } from './flows';
import { linkFlows, type Side } from './guest-flows';

/** What must be open on the way from one site of a cluster to another. */
export interface OpenFlow {
  /** Name of the site that opens the connection. */
  readonly fromSite: string;
  readonly from: string;
  readonly toSite: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp';
  /** A port, or the first and last one: `2379-2380`. */
  readonly ports: string;
  readonly why: string;
}

/** Everything that must be open between the sites of a cluster, out of the flows of every cluster; by direction. */
export function openFlows(environment: Environment, clusterName: string): OpenFlow[] {
  const cluster = memberOf(environment, clusterName);
  if (isImported(cluster)) return [];
  const sites = [cluster.site, ...guestSites(cluster)];
  const sideOf = (site: string): Side => (site === cluster.site ? 'home' : 'guest');
  return sites.flatMap((fromSite) =>
    sites
      .filter((toSite) => toSite !== fromSite)
      .flatMap((toSite) =>
        onPorts(sideOf(fromSite), sideOf(toSite)).map((flow) => ({
          fromSite,
          from: networkOf(environment, fromSite),
          toSite,
          to: networkOf(environment, toSite),
          ...flow,
        })),
      ),
  );
}

/** Flows between two sites, each port once: servers and what is before them have the same network. */
function onPorts(from: Side, to: Side): Pick<OpenFlow, 'protocol' | 'ports' | 'why'>[] {
  const open = linkFlows(flows, from, to).map(({ protocol, ports: [first, last], why }) => ({
    protocol,
    ports: first === last ? String(first) : `${first}-${last}`,
    why,
  }));
  return open.filter(
    ({ protocol, ports }, index) => open.findIndex((it) => it.protocol === protocol && it.ports === ports) === index,
  );
}

function networkOf(environment: Environment, siteName: string): string {
  return siteOf(environment, siteName).cidr;
}
