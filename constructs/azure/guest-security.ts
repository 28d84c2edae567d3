import { ApplicationSecurityGroup } from '@cdktf/provider-azurerm/lib/application-security-group';
import { NetworkSecurityGroup } from '@cdktf/provider-azurerm/lib/network-security-group';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import { bastionFlows } from '../platform/bastion-flows';
import { otherSites } from '../platform/cluster-sites';
import { flows } from '../platform/flows';
import { guestFlows } from '../platform/guest-flows';
import { flowsToMachines } from '../platform/machine-flows';
import type { MachineOwner } from './machine-owner';
import { ANY, networks, NetworkRules, type Side } from './network-rules';
import { securityRules, type Peer } from './security-rules';

/** Who may reach the machines of a node group. */
export interface WorkerSecurity {
  /** The security group of the cluster in this site, with all its rules. */
  readonly securityGroupId: string;
  readonly workerGroupId: string;
  /** Worn in addition by whoever takes web traffic. @default - nobody does: it enters a cluster at home */
  readonly ingressGroupId?: string;
}

/** The security group of a cluster's workers on a site that is not its home. */
export class GuestSecurity extends Construct implements WorkerSecurity {
  public readonly securityGroupId: string;
  public readonly workerGroupId: string;

  public constructor(scope: Construct, id: string, owner: MachineOwner) {
    super(scope, id);
    const { environment, clusterName, network, group } = owner;
    const security = new NetworkSecurityGroup(this, 'group', {
      ...group.place,
      name: physicalName('azureNetworkSecurityGroup', [environment.name, clusterName]),
    });
    this.securityGroupId = security.id;
    this.workerGroupId = new ApplicationSecurityGroup(this, 'worker', {
      ...group.place,
      name: physicalName('azureApplicationSecurityGroup', [environment.name, clusterName, 'worker']),
    }).id;
    const sites = otherSites(environment, clusterName, network.siteName);
    const own: Partial<Record<Peer, Side | undefined>> = {
      worker: { groupId: this.workerGroupId },
      bastion: networks(network.bastionCidrs),
      monitors: networks((environment.zabbix?.server ?? []).map((address) => `${address}/32`)),
      world: { prefix: ANY },
      home: networks(Object.values(sites.home)),
      guest: networks(Object.values(sites.guest)),
    };
    new NetworkRules(this, 'rules', {
      clusterName,
      resourceGroupName: group.place.resourceGroupName,
      networkSecurityGroupName: security.name,
      rules: securityRules(guestFlows(flows)),
      fromBastion: securityRules(bastionFlows),
      groupOf: (role) => (role === 'worker' ? this.workerGroupId : undefined),
      peerOf: (peer) => own[peer],
      toMachines: flowsToMachines(environment, network.siteName),
    });
  }
}
