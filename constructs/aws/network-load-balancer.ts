import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener';
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName } from '../../model/naming';
import type { Exposure } from '../platform/load-balancer';
import type { DnsTarget } from './dns-record';
import type { Network } from './network';

/** A load balancer that passes TCP on. */
export interface NetworkLoadBalancerProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
  /** Last part of its name. */
  readonly purpose: string;
  readonly exposure: Exposure;
  /** Its own security group: it must have one from creation, later none can be added. */
  readonly securityGroupId: string;
  readonly targetType: 'ip' | 'instance';
}

/** A check by HTTP, on a port of its own. */
export interface HttpHealthCheck {
  readonly port: number;
  readonly path: string;
}

/** Seconds that open connections may go on to a target that leaves. */
const DEREGISTRATION_SEC = 60;

/** Seconds between two checks of a target; two results in a row decide. */
const HEALTH_INTERVAL_SEC = 10;

/**
 * A network load balancer.
 * It is not protected against deletion, which would block every destroy of an environment; the review of the plan
 * names the deletion instead. Access logs exist for TLS listeners only: flow logs cover it.
 */
export class NetworkLoadBalancer extends Construct implements DnsTarget {
  public readonly dnsName: string;
  public readonly zoneId: string;
  private readonly arn: string;
  private readonly targets = new Construct(this, 'targets');
  private readonly listeners = new Construct(this, 'listeners');

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: NetworkLoadBalancerProps,
  ) {
    super(scope, id);
    const { environment, clusterName, network } = props;
    const isInternal = props.exposure === 'internal';
    const balancer = new Lb(this, 'balancer', {
      name: physicalName('awsLoadBalancer', [environment.name, clusterName, props.purpose]),
      loadBalancerType: 'network',
      internal: isInternal,
      securityGroups: [props.securityGroupId],
      subnets: Object.values(network.subnets).map((subnets) => (isInternal ? subnets.private : subnets.public)),
      enableCrossZoneLoadBalancing: true,
    });
    this.arn = balancer.arn;
    this.dnsName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
  }

  /**
   * Passes a port on to the same port of its targets.
   * @param name of the target group within the cluster
   * @param health how targets are looked at; without it, by a connection to the port itself
   * @returns ARN of the target group
   */
  public pass(name: string, port: number, health?: HttpHealthCheck): string {
    const { environment, clusterName, network, targetType } = this.props;
    const group = new LbTargetGroup(this.targets, name, {
      name: physicalName('awsTargetGroup', [environment.name, clusterName, name]),
      vpcId: network.vpcId,
      port,
      protocol: 'TCP',
      targetType,
      // With the client's address kept, a target that calls the balancer and is chosen itself would drop the packet.
      preserveClientIp: 'false',
      deregistrationDelay: String(DEREGISTRATION_SEC),
      connectionTermination: true,
      healthCheck: {
        ...(health === undefined
          ? { protocol: 'TCP', port: 'traffic-port' }
          : { protocol: 'HTTP', port: String(health.port), path: health.path, matcher: '200' }),
        interval: HEALTH_INTERVAL_SEC,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
    });
    new LbListener(this.listeners, name, {
      loadBalancerArn: this.arn,
      port,
      protocol: 'TCP',
      defaultAction: [{ type: 'forward', targetGroupArn: group.arn }],
    });
    return group.arn;
  }
}
