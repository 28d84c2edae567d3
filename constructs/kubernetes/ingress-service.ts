import { Construct } from 'constructs';
import type { Identity } from '../../model/identity';
import { hasIngressNodes, isImported } from '../../model/lookup';
import { serviceNamespaces } from '../../model/namespaces';
import type { Values } from '../../model/release/merge';
import type { ServiceChart } from '../../model/release/service-charts';
import type { ImportedWebSpec } from '../../model/spec/imported';
import type { MemberSpec } from '../../model/spec/member';
import { HelmRelease, sourceOf } from './helm-release';
import { Namespace } from './namespace';

/** The ingress controller of a cluster. */
export interface IngressServiceProps {
  readonly cluster: MemberSpec;
  readonly chart: ServiceChart;
  readonly identity: Identity;
}

/** Node label of the machines that take a cluster's public traffic. */
const INGRESS_NODES = { 'drover/role': 'ingress' };

/** HAProxy on the ports 80 and 443 of every ingress node, or behind the load balancer of an imported cluster. */
export class IngressService extends Construct {
  public constructor(scope: Construct, id: string, props: IngressServiceProps) {
    super(scope, id);
    const namespace = new Namespace(this, 'namespace', {
      name: serviceNamespaces.ingress,
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
export function ingressValues(cluster: MemberSpec): Values {
  if (isImported(cluster)) return importedValues(cluster.web);
  return hasIngressNodes(cluster) ? { controller: { nodeSelector: INGRESS_NODES } } : {};
}

/** Machines of others have no role of ours: traffic comes through a service of their cloud, or to each of them. */
function importedValues({ entry, allowedCidrs, annotations }: ImportedWebSpec): Values {
  if (entry === 'nodes') return {};
  return {
    controller: {
      daemonset: { useHostPort: false },
      service: {
        enabled: true,
        type: 'LoadBalancer',
        annotations: { ...annotations },
        loadBalancerSourceRanges: [...allowedCidrs],
        // Clients keep their addresses, and only nodes with a pod get traffic.
        externalTrafficPolicy: 'Local',
        // The ports that the load balancer shall not have: statistics and administration.
        enablePorts: { stat: false, admin: false, quic: false },
      },
      publishService: { enabled: true },
    },
  };
}
