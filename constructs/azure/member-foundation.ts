import { Construct } from 'constructs';
import { isMixed } from '../../model/guests';
import { domainOf, hasIngressNodes } from '../../model/lookup';
import type { Environment } from '../../model/environment';
import type { ClusterSpec } from '../../model/spec/cluster';
import { Bundle } from './bundle';
import { ClusterGroup } from './cluster-group';
import { ClusterSecurity } from './cluster-security';
import type { MachineOwner } from './machine-owner';
import { MachineRole } from './machine-role';
import type { Network } from './network';
import { PlaneLoadBalancer } from './plane-load-balancer';
import { PodIdentity } from './pod-identity';
import { snapshotsOn, type Snapshots } from './snapshots';
import { WebLoadBalancer } from './web-load-balancer';

/** The member, and where it stands. */
export interface MemberFoundationProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
  readonly spec: ClusterSpec;
}

/** What a member stands on: its group, who may reach it, by which names, and who its servers are. */
export class MemberFoundation extends Construct {
  public readonly owner: MachineOwner;
  public readonly security: ClusterSecurity;
  public readonly plane: PlaneLoadBalancer;
  /** Way in for web traffic; none without an ingress group to take it. */
  public readonly web: WebLoadBalancer | undefined;
  public readonly podIdentity: PodIdentity;
  /** Whether the member has node groups in other sites. */
  public readonly mixed: boolean;
  /** How snapshots of etcd leave the servers. */
  public readonly snapshots: Snapshots;
  /** Identity of the servers, and thereby of the controllers that run on them. */
  public readonly role: MachineRole;

  public constructor(scope: Construct, id: string, props: MemberFoundationProps) {
    super(scope, id);
    const { environment, network, clusterName, spec } = props;
    const takesTraffic = hasIngressNodes(spec);
    const name = `${clusterName}.${domainOf(environment, network.siteName)}`;
    this.mixed = isMixed(spec);
    const group = new ClusterGroup(this, 'group', props);
    const bundle = new Bundle(this, 'bundle', props);
    this.owner = { environment, network, clusterName, group, bundle };
    const placed = { environment, network, clusterName, group: group.place };
    this.security = new ClusterSecurity(this, 'security', {
      ...placed,
      webCidrs: takesTraffic ? webCidrs(props) : [],
      planeCidrs: [network.cidr],
      storage: spec.storage !== undefined,
    });
    const takesWeb = takesTraffic && spec.web.exposure === 'internal';
    this.plane = new PlaneLoadBalancer(this, 'plane', { ...placed, takesWeb });
    this.web = takesTraffic
      ? new WebLoadBalancer(this, 'web', {
          ...placed,
          plane: this.plane,
          names: [name, `*.${name}`],
        })
      : undefined;
    this.podIdentity = new PodIdentity(this, 'pod-identity', this.owner);
    this.snapshots = snapshotsOn(this, 'snapshots', this.owner);
    this.role = new MachineRole(this, 'role', { ...this.owner, purpose: 'servers' });
  }
}

/** Whom the environment allows, and machines of the site: those come to public addresses through its egress. */
function webCidrs({ network, spec: { web } }: MemberFoundationProps): string[] {
  return [...web.allowedCidrs, ...(web.exposure === 'public' ? network.egressCidrs : [network.cidr])];
}
