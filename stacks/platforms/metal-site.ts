import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { Bundle } from '../../constructs/metal/bundle';
import { ClusterSecurity } from '../../constructs/metal/cluster-security';
import { Guests } from '../../constructs/metal/guests';
import { leaveHosts } from '../../constructs/metal/leave-hosts';
import { LoadBalancer } from '../../constructs/metal/load-balancer';
import { Machines } from '../../constructs/metal/machines';
import { ManagementServers } from '../../constructs/metal/management-servers';
import { MemberFoundation } from '../../constructs/metal/member-foundation';
import type { Network } from '../../constructs/metal/network';
import { Roster } from '../../constructs/metal/roster';
import { SecretStore } from '../../constructs/metal/secret-store';
import type { IMachines } from '../../constructs/platform/machines';
import type { ISecretStore } from '../../constructs/platform/secret-store';
import type { Environment } from '../../model/environment';
import { groupsIn } from '../../model/guests';
import { MANAGEMENT, metalServers } from '../../model/lookup';
import { memberSpec } from '../member-spec';
import { MetalMember } from './metal-member';
import type { ClusterOwner, GuestsOwner, IMember, ISite, ManagementHandover, ManagementProps } from './platform';

/** A site on metal. */
export class MetalSite implements ISite {
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

  public secretStore(scope: Construct, id: string, cluster: ClusterOwner): ISecretStore {
    return new SecretStore(scope, id, { ...cluster, network: this.network });
  }

  public machines(scope: Construct, environment: Environment): IMachines {
    return new Machines(scope, 'machines', { environment, network: this.network });
  }

  public managementServers(scope: Construct, props: ManagementProps): ManagementHandover {
    const { environment, webCidrs, planeCidrs } = props;
    const { servers } = environment.management;
    const { network } = this;
    const placed = { environment, network, clusterName: MANAGEMENT };
    const owner = {
      ...placed,
      bundle: new Bundle(scope, 'bundle', { environment, siteName: this.siteName }),
      roster: new Roster(scope, 'roster', placed),
    };
    const security = new ClusterSecurity({ ...placed, servers, nodeGroups: {}, webCidrs, planeCidrs });
    leaveHosts(scope, network);
    const targets = metalServers(servers).hosts;
    const loadBalancer = new LoadBalancer(scope, 'plane', { owner, security, targets });
    const { deployer } = new ManagementServers(scope, 'management', { owner, security, loadBalancer });
    return { deployer, registrationAddress: loadBalancer.address, apiAddress: loadBalancer.address };
  }

  public member(scope: Construct, { environment, clusterName }: ClusterOwner): IMember {
    const spec = memberSpec(environment, clusterName);
    const owner = { environment, network: this.network, clusterName, spec };
    return new MetalMember(spec, new MemberFoundation(scope, 'foundation', owner));
  }

  public guests(
    scope: Construct,
    { environment, clusterName, registration }: GuestsOwner,
  ): readonly ITerraformDependable[] {
    const groups = groupsIn(memberSpec(environment, clusterName), this.siteName);
    return new Guests(scope, 'guests', { environment, network: this.network, clusterName, groups, registration }).ready;
  }
}
