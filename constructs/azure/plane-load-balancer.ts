import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { clusterOf, domainOf, serverKeys } from '../../model/lookup';
import { serverAddress } from '../../model/network-plan';
import type { ILoadBalancer } from '../platform/load-balancer';
import { DnsRecord } from './dns-record';
import type { GroupPlace } from './group-place';
import type { Network } from './network';
import { NetworkLoadBalancer } from './network-load-balancer';

/** The internal way to a cluster's servers. */
export interface PlaneLoadBalancerProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly group: GroupPlace;
  readonly clusterName: string;
  /**
   * Whether it takes internal web traffic as well: an interface may stand behind one internal load balancer only
   * (https://learn.microsoft.com/azure/load-balancer/load-balancer-multivip-overview).
   */
  readonly takesWeb: boolean;
}

/** Frontend of internal web traffic. */
const WEB = 'web';
const PLANE = 'plane';

/**
 * Internal load balancer of a cluster's servers: Kubernetes API (6443) and join (9345).
 *
 * Servers do not join through it: one that was sent back to itself would be dropped (hairpin). They join at a name that
 * holds the fixed addresses of all servers. A client tries one address after the other; its own refuses at once while
 * the server is not up, and one that is gone is passed over.
 */
export class PlaneLoadBalancer extends Construct implements ILoadBalancer {
  /** Where the API answers: `api.<cluster>.<domain>`, known at synth. */
  public readonly address: string;
  /** Where servers join: `join.<cluster>.<domain>`, known at synth. */
  public readonly registrationAddress: string;
  /** Pool of the servers. */
  public readonly poolId: string;
  /** The balancer, for the internal web traffic of its cluster; none where it does not take it. */
  public readonly web: { readonly balancer: NetworkLoadBalancer; readonly frontend: string } | undefined;

  public constructor(scope: Construct, id: string, props: PlaneLoadBalancerProps) {
    super(scope, id);
    const { environment, clusterName, takesWeb } = props;
    const { siteName } = props.network;
    const balancer = new NetworkLoadBalancer(this, 'plane', {
      ...props,
      purpose: 'internal',
      exposure: 'internal',
      frontends: takesWeb ? [PLANE, WEB] : [PLANE],
    });
    this.poolId = balancer.pool(PLANE);
    const to = { frontend: PLANE, poolId: this.poolId };
    balancer.pass('api', 6443, to);
    balancer.pass('join', 9345, to);
    this.web = takesWeb ? { balancer, frontend: WEB } : undefined;
    const names = `${clusterName}.${domainOf(environment, siteName)}`;
    this.address = new DnsRecord(this, 'api', {
      environment,
      siteName,
      name: `api.${names}`,
      addresses: [balancer.addressOf(PLANE)],
    }).name;
    this.registrationAddress = new DnsRecord(this, 'registration', {
      environment,
      siteName,
      name: `join.${names}`,
      addresses: serverKeys(clusterOf(environment, clusterName).servers).map((server) =>
        serverAddress(environment, clusterName, server),
      ),
    }).name;
  }
}
