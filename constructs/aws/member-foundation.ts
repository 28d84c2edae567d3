import { Construct } from 'constructs';
import { isMixed } from '../../model/guests';
import { domainOf, hasIngressNodes } from '../../model/lookup';
import type { ClusterSpec } from '../../model/spec/cluster';
import { ClusterSecurity } from './cluster-security';
import type { MachineOwner } from './machine-statements';
import { PlaneLoadBalancer } from './plane-load-balancer';
import { PodIdentity } from './pod-identity';
import { SnapshotBucket } from './snapshot-bucket';
import { WebLoadBalancer } from './web-load-balancer';

/** The member, and where it stands. */
export interface MemberFoundationProps extends MachineOwner {
  readonly spec: ClusterSpec;
}

/** What a member stands on: who may reach it, by which names, and where it keeps what must outlive it. */
export class MemberFoundation extends Construct {
  public readonly security: ClusterSecurity;
  public readonly plane: PlaneLoadBalancer;
  /** Way in for web traffic; none without an ingress group to take it. */
  public readonly web: WebLoadBalancer | undefined;
  public readonly podIdentity: PodIdentity;
  /** Whether the member has node groups in other sites. */
  public readonly mixed: boolean;
  public readonly snapshots: SnapshotBucket;

  public constructor(scope: Construct, id: string, props: MemberFoundationProps) {
    super(scope, id);
    const { environment, network, clusterName, spec } = props;
    const owner = { environment, network, clusterName };
    const takesTraffic = hasIngressNodes(spec);
    const name = `${clusterName}.${domainOf(environment, network.siteName)}`;
    this.mixed = isMixed(spec);
    this.security = new ClusterSecurity(this, 'security', {
      ...owner,
      webCidrs: takesTraffic ? webCidrs(props) : [],
      planeCidrs: [network.cidr],
      storage: spec.storage !== undefined,
    });
    const balanced = { ...owner, security: this.security };
    this.plane = new PlaneLoadBalancer(this, 'plane', balanced);
    this.web = takesTraffic
      ? new WebLoadBalancer(this, 'web', {
          ...balanced,
          exposure: spec.web.exposure,
          names: [name, `*.${name}`],
          targetType: 'instance',
        })
      : undefined;
    this.podIdentity = new PodIdentity(this, 'pod-identity', owner);
    this.snapshots = new SnapshotBucket(this, 'snapshots', {
      ...owner,
      retentionDays: environment.management.backup.retentionDays,
    });
  }
}

/** Whom the environment allows, and machines of the site: those come to public addresses through its egress. */
function webCidrs({ network, spec: { web } }: MemberFoundationProps): string[] {
  return [...web.allowedCidrs, ...(web.exposure === 'public' ? network.egressCidrs : [network.cidr])];
}
