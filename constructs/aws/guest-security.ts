import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import { otherSites } from '../platform/cluster-sites';
import { flows, type Role } from '../platform/flows';
import { guestFlows } from '../platform/guest-flows';
import type { MachineOwner } from './machine-statements';
import { NetworkList } from './network-list';
import { reachMachines } from './reach-machines';
import { onePeer, SecurityGroupRules, sitePeers, type Peer } from './security-group-rules';

/** Who may reach the machines of a node group. */
export interface WorkerSecurity {
  readonly workerGroupId: string;
  /** Worn in addition by whoever takes web traffic. @default - nobody does: it enters a cluster at home */
  readonly ingressGroupId?: string;
}

/** The security group of a cluster's workers on a site that is not its home. */
export class GuestSecurity extends Construct implements WorkerSecurity {
  public readonly workerGroupId: string;

  public constructor(
    scope: Construct,
    id: string,
    private readonly owner: MachineOwner,
  ) {
    super(scope, id);
    const { environment, clusterName, network } = owner;
    const name = physicalName('awsSecurityGroup', [environment.name, clusterName, 'worker']);
    const workers = new SecurityGroup(this, 'worker', {
      name,
      description: 'Workers of a cluster of another site',
      vpcId: network.vpcId,
      tags: { Name: name },
    });
    const sites = otherSites(environment, clusterName, network.siteName);
    const own: Partial<Record<Role, Peer | undefined>> = {
      worker: { referencedSecurityGroupId: workers.id },
      monitors: this.monitors(),
      world: { cidrIpv4: '0.0.0.0/0' },
    };
    const rules = new SecurityGroupRules(this, 'rules', {
      flows: guestFlows(flows),
      groupOf: (role) => (role === 'worker' ? workers : undefined),
      peersOf: (role) => (role === 'home' || role === 'guest' ? sitePeers(sites[role]) : onePeer(own[role])),
    });
    reachMachines(rules, workers, owner);
    this.workerGroupId = workers.id;
  }

  private monitors(): NetworkList | undefined {
    const { environment, clusterName } = this.owner;
    const { zabbix } = environment;
    if (zabbix === undefined) return undefined;
    return new NetworkList(this, 'monitors', {
      name: physicalName('awsSecurityGroup', [environment.name, clusterName, 'monitors']),
      what: 'zabbix.server',
      cidrs: zabbix.server.map((address) => `${address}/32`),
    });
  }
}
