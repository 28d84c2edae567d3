import { ApplicationSecurityGroup } from '@cdktf/provider-azurerm/lib/application-security-group';
import { NetworkSecurityGroup } from '@cdktf/provider-azurerm/lib/network-security-group';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName } from '../../model/naming';
import { snapshotPort } from '../bootstrap/snapshot-store';
import { bastionFlows } from '../platform/bastion-flows';
import { otherSites, type OtherSites } from '../platform/cluster-sites';
import { openPlane } from '../platform/errors';
import { flows } from '../platform/flows';
import { withGuests } from '../platform/guest-flows';
import { flowsToMachines } from '../platform/machine-flows';
import { withStorage } from '../platform/storage-flows';
import type { GroupPlace } from './group-place';
import type { Network } from './network';
import { ANY, networks, NetworkRules, type Side } from './network-rules';
import { securityRules, type GroupRole, type Peer } from './security-rules';

/** Whose traffic a cluster lets in. */
export interface ClusterSecurityProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly group: GroupPlace;
  readonly clusterName: string;
  /** Networks whose people, agents and pipelines may reach 80 and 443; may be references of other stacks. */
  readonly webCidrs: readonly string[];
  /** Networks that may reach the Kubernetes API through its internal load balancer; never the world. */
  readonly planeCidrs: readonly string[];
  /** Whether the cluster has storage nodes. @default false */
  readonly storage?: boolean;
}

/** Groups of machines by role; storage nodes are not everywhere. */
type Machines = Readonly<Record<Exclude<GroupRole, 'storage'>, string> & Partial<Record<'storage', string>>>;

/**
 * The network security group of one cluster, and the groups of machines that its rules speak of.
 * A server wears `serverGroupId`, a worker `workerGroupId`; whoever takes web traffic (machines of ingress groups, and
 * management servers) wears `ingressGroupId` *in addition*; a storage node wears `storageGroupId`. Every machine wears the cluster's one security group.
 */
export class ClusterSecurity extends Construct {
  public readonly securityGroupId: string;
  public readonly securityGroupName: string;
  public readonly serverGroupId: string;
  public readonly workerGroupId: string;
  public readonly ingressGroupId: string;
  /** Of storage nodes; none without such machines. */
  public readonly storageGroupId: string | undefined;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ClusterSecurityProps,
  ) {
    super(scope, id);
    const { environment, clusterName, group } = props;
    const world = props.planeCidrs.find((cidr) => cidr.endsWith('/0'));
    if (world !== undefined) throw openPlane(clusterName, world);
    const security = new NetworkSecurityGroup(this, 'group', {
      ...group,
      name: physicalName('azureNetworkSecurityGroup', [environment.name, clusterName]),
    });
    const machines: Machines = {
      server: this.machines('server'),
      worker: this.machines('worker'),
      ingress: this.machines('ingress'),
      ...(props.storage === true ? { storage: this.machines('storage') } : {}),
    };
    this.securityGroupId = security.id;
    this.securityGroupName = security.name;
    this.serverGroupId = machines.server;
    this.workerGroupId = machines.worker;
    this.ingressGroupId = machines.ingress;
    this.storageGroupId = machines.storage;
    this.letThrough(security.name, machines);
  }

  private machines(role: GroupRole): string {
    const { environment, clusterName, group } = this.props;
    const name = physicalName('azureApplicationSecurityGroup', [environment.name, clusterName, role]);
    return new ApplicationSecurityGroup(this, role, { ...group, name }).id;
  }

  private letThrough(networkSecurityGroupName: string, machines: Machines): void {
    const { environment, network, clusterName, group, storage } = this.props;
    const base = storage === true ? withStorage(flows) : flows;
    const known = securityRules(base);
    // Flows of guests lead to rules between the others, whose places may not move.
    const further = this.hasGuests() ? securityRules(withGuests(base)) : [];
    new NetworkRules(this, 'rules', {
      clusterName,
      resourceGroupName: group.resourceGroupName,
      networkSecurityGroupName,
      rules: [...known, ...further.filter(({ id }) => !known.some((rule) => rule.id === id))],
      fromBastion: securityRules(bastionFlows),
      groupOf: (role) => machines[role],
      toMachines: flowsToMachines(environment, network.siteName),
      storePort: snapshotPort(this.props),
      peerOf: (peer) => this.peer(peer, machines),
    });
  }

  private hasGuests(): boolean {
    return Object.keys(this.otherSites().guest).length > 0;
  }

  private otherSites(): OtherSites {
    const { environment, clusterName, network } = this.props;
    return otherSites(environment, clusterName, network.siteName);
  }

  /** Nobody is no rule at all. */
  private peer(peer: Peer, machines: Machines): Side | undefined {
    switch (peer) {
      case 'server':
      case 'worker':
      case 'ingress':
        return { groupId: machines[peer] };
      case 'storage':
        return machines.storage === undefined ? undefined : { groupId: machines.storage };
      case 'people':
        return networks(this.props.webCidrs);
      case 'operators':
        return networks(this.props.planeCidrs);
      case 'monitors':
        return networks((this.props.environment.zabbix?.server ?? []).map((address) => `${address}/32`));
      case 'plane':
      case 'web':
        return { prefix: this.props.network.subnets.balancerCidr };
      case 'bastion':
        return networks(this.props.network.bastionCidrs);
      case 'home':
      case 'guest':
        return networks(Object.values(this.otherSites()[peer]));
      case 'world':
        return { prefix: ANY };
      case 'nginx':
        // No such machines: an environment that asks for them here is refused.
        return undefined;
      case 'probe':
        return { prefix: 'AzureLoadBalancer' };
    }
  }
}
