import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { ClusterGroup } from '../../constructs/azure/cluster-group';
import { ClusterSecurity } from '../../constructs/azure/cluster-security';
import { Guests } from '../../constructs/azure/guests';
import { Machines } from '../../constructs/azure/machines';
import { ManagementServers } from '../../constructs/azure/management-servers';
import { MemberFoundation } from '../../constructs/azure/member-foundation';
import type { Network } from '../../constructs/azure/network';
import { PlaneLoadBalancer } from '../../constructs/azure/plane-load-balancer';
import { SecretStore } from '../../constructs/azure/secret-store';
import { WebLoadBalancer } from '../../constructs/azure/web-load-balancer';
import type { IMachines } from '../../constructs/platform/machines';
import type { ISecretStore } from '../../constructs/platform/secret-store';
import type { Environment } from '../../model/environment';
import { groupsIn } from '../../model/guests';
import { MANAGEMENT } from '../../model/lookup';
import { memberSpec } from '../member-spec';
import { AzureMember } from './azure-member';
import type { ClusterOwner, GuestsOwner, IMember, ISite, ManagementHandover, ManagementProps } from './platform';

/** A site on Azure. */
export class AzureSite implements ISite {
  public readonly siteName: string;
  public readonly region: string;
  public readonly cidr: string;
  public readonly egressCidrs: readonly string[];

  public constructor(private readonly network: Network) {
    this.siteName = network.siteName;
    this.region = network.region;
    this.cidr = network.cidr;
    this.egressCidrs = network.egressCidrs;
  }

  public secretStore(scope: Construct, id: string, { clusterName }: ClusterOwner): ISecretStore {
    return new SecretStore(scope, id, { clusterName, network: this.network });
  }

  public machines(scope: Construct, environment: Environment): IMachines {
    return new Machines(scope, 'machines', { environment, network: this.network });
  }

  public managementServers(scope: Construct, props: ManagementProps): ManagementHandover {
    const { environment, webCidrs, planeCidrs } = props;
    const { management } = environment;
    const owner = { environment, network: this.network, clusterName: MANAGEMENT };
    const group = new ClusterGroup(scope, 'group', owner);
    const placed = { ...owner, group: group.place };
    const security = new ClusterSecurity(scope, 'security', { ...placed, webCidrs, planeCidrs });
    const takesWeb = management.exposure === 'internal';
    const plane = new PlaneLoadBalancer(scope, 'plane', { ...placed, takesWeb });
    const web = new WebLoadBalancer(scope, 'web', { ...placed, plane, names: [management.hostname] });
    const { deployer } = new ManagementServers(scope, 'management', { ...owner, group, security, plane, web });
    return { deployer, registrationAddress: plane.registrationAddress, apiAddress: plane.address };
  }

  public member(scope: Construct, { environment, clusterName }: ClusterOwner): IMember {
    const spec = memberSpec(environment, clusterName);
    const owner = { environment, network: this.network, clusterName, spec };
    return new AzureMember(spec, new MemberFoundation(scope, 'foundation', owner));
  }

  public guests(
    scope: Construct,
    { environment, clusterName, registration }: GuestsOwner,
  ): readonly ITerraformDependable[] {
    if (registration === undefined) return [];
    const groups = groupsIn(memberSpec(environment, clusterName), this.siteName);
    return new Guests(scope, 'guests', { environment, network: this.network, clusterName, groups, registration }).ready;
  }
}
