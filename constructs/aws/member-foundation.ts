import { Construct } from 'constructs';
import { ClusterSecurity } from './cluster-security';
import type { MachineOwner } from './machine-statements';
import { PlaneLoadBalancer } from './plane-load-balancer';
import { PodIdentity } from './pod-identity';
import { SnapshotBucket } from './snapshot-bucket';
import { WebLoadBalancer } from './web-load-balancer';

/** What a member stands on: who may reach it, by which names, and where it keeps what must outlive it. */
export class MemberFoundation extends Construct {
  public readonly security: ClusterSecurity;
  public readonly plane: PlaneLoadBalancer;
  public readonly web: WebLoadBalancer;
  public readonly podIdentity: PodIdentity;
  public readonly snapshots: SnapshotBucket;

  public constructor(scope: Construct, id: string, owner: MachineOwner) {
    super(scope, id);
    const { environment, network, clusterName } = owner;
    this.security = new ClusterSecurity(this, 'security', {
      ...owner,
      // Ingress groups take the public traffic of the cluster; nothing else of it has a public way in.
      webCidrs: ['0.0.0.0/0'],
      planeCidrs: [network.cidr],
    });
    const balanced = { ...owner, security: this.security };
    this.plane = new PlaneLoadBalancer(this, 'plane', balanced);
    this.web = new WebLoadBalancer(this, 'web', {
      ...balanced,
      exposure: 'public',
      names: [`${clusterName}.${environment.domain}`, `*.${clusterName}.${environment.domain}`],
      targetType: 'instance',
    });
    this.podIdentity = new PodIdentity(this, 'pod-identity', owner);
    this.snapshots = new SnapshotBucket(this, 'snapshots', {
      ...owner,
      retentionDays: environment.management.backup.retentionDays,
    });
  }
}
