import { Construct } from 'constructs';
import type { Identity } from '../../model/identity';
import { hasIngressNodes } from '../../model/lookup';
import type { Values } from '../../model/release/merge';
import type { ServiceChart } from '../../model/release/service-charts';
import type { ClusterSpec } from '../../model/spec/cluster';
import { HelmRelease, sourceOf } from './helm-release';
import { Namespace } from './namespace';

/** The ingress controller of a cluster. */
export interface IngressServiceProps {
  readonly cluster: ClusterSpec;
  readonly chart: ServiceChart;
  readonly identity: Identity;
}

/** Node label of the machines that take a cluster's public traffic. */
const INGRESS_NODES = { 'drover/role': 'ingress' };

/** HAProxy on the ports 80 and 443 of every ingress node. */
export class IngressService extends Construct {
  public constructor(scope: Construct, id: string, props: IngressServiceProps) {
    super(scope, id);
    const namespace = new Namespace(this, 'namespace', {
      name: 'ingress',
      // Ports of the node are refused below 'privileged'.
      podSecurity: 'privileged',
      identity: props.identity,
    });
    new HelmRelease(this, 'haproxy', {
      name: 'haproxy',
      namespace: namespace.name,
      chart: sourceOf(props.chart),
      overlay: ingressValues(props.cluster),
      identity: props.identity,
    });
  }
}

/** Where HAProxy runs: on the ingress nodes, or on every worker of a cluster that has none. */
export function ingressValues(cluster: ClusterSpec): Values {
  return hasIngressNodes(cluster) ? { controller: { nodeSelector: INGRESS_NODES } } : {};
}
