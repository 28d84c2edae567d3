import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { domainOf } from '../../model/lookup';
import type { ILoadBalancer } from '../platform/load-balancer';
import type { ClusterSecurity } from './cluster-security';
import { DnsRecord } from './dns-record';
import type { Network } from './network';
import { NetworkLoadBalancer } from './network-load-balancer';

/** The internal way to a cluster's servers. */
export interface PlaneLoadBalancerProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly security: ClusterSecurity;
  readonly clusterName: string;
}

/** Internal network load balancer of a cluster's servers: Kubernetes API (6443) and join (9345). Targets are addresses. */
export class PlaneLoadBalancer extends Construct implements ILoadBalancer {
  /** Fixed registration address: `api.<cluster>.<domain>`, known at synth. */
  public readonly address: string;
  public readonly targetGroupArns: Readonly<Record<'api' | 'join', string>>;

  public constructor(scope: Construct, id: string, props: PlaneLoadBalancerProps) {
    super(scope, id);
    const { environment, network, security, clusterName } = props;
    const balancer = new NetworkLoadBalancer(this, 'plane', {
      environment,
      network,
      clusterName,
      purpose: 'plane',
      exposure: 'internal',
      securityGroupId: security.planeGroupId,
      targetType: 'ip',
    });
    this.targetGroupArns = { api: balancer.pass('api', 6443), join: balancer.pass('join', 9345) };
    const record = new DnsRecord(this, 'registration', {
      environment,
      siteName: network.siteName,
      name: `api.${clusterName}.${domainOf(environment, network.siteName)}`,
      target: balancer,
    });
    this.address = record.name;
  }
}
