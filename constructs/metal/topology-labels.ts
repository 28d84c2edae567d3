import { hostOf } from './host-spec';
import type { Network } from './network';

/**
 * Where a host stands, in the words by which Kubernetes spreads pods: what a cloud's controller says of its machines. The
 * rack is the zone.
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesiozone
 */
export function topologyLabels(
  { site, siteName }: Pick<Network, 'site' | 'siteName'>,
  host: string,
): Record<string, string> {
  const { rack } = hostOf(site, siteName, host);
  return {
    'topology.kubernetes.io/region': site.region,
    ...(rack === undefined ? {} : { 'topology.kubernetes.io/zone': rack }),
  };
}
