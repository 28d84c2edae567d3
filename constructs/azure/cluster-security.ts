import { ApplicationSecurityGroup } from '@cdktf/provider-azurerm/lib/application-security-group';
import { NetworkSecurityGroup } from '@cdktf/provider-azurerm/lib/network-security-group';
import { NetworkSecurityRule } from '@cdktf/provider-azurerm/lib/network-security-rule';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName } from '../../model/naming';
import { flows } from '../platform/flows';
import { flowsToMachines } from '../platform/machine-flows';
import { withStorage } from '../platform/storage-flows';
import { openPlane, tooManyRules } from './errors';
import type { GroupPlace } from './group-place';
import type { Network } from './network';
import { securityRules, type GroupRole, type Peer, type SecurityRule } from './security-rules';

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

/** One side of a rule: addresses, or a group of machines. */
type Side = { prefixes: readonly string[] } | { prefix: string } | { groupId: string };

const WORLD = '0.0.0.0/0';

/** Every address, as a rule of Azure names it. */
const ANY = '*';

/**
 * Rules are tried in the order of their priorities, 100 to 4096; the last two places refuse what no rule let through.
 * @see https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
 */
const FIRST_PRIORITY = 100;
const LAST_PRIORITY = 4096;

/** Rules that lead to machines of the site stand behind those of the flows, at places of their own: none moves another. */
const TO_MACHINES = { tcp: 4000, udp: 4001 } as const;

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

  private letThrough(securityGroupName: string, machines: Machines): void {
    const rules = new Construct(this, 'rules');
    const { resourceGroupName } = this.props.group;
    const add = (id: string, rest: Pick<SecurityRule, 'direction'> & RuleRest): void => {
      new NetworkSecurityRule(rules, id, {
        name: id,
        resourceGroupName,
        networkSecurityGroupName: securityGroupName,
        sourcePortRange: ANY,
        ...rest,
      });
    };
    const allowed = this.props.storage === true ? withStorage(flows) : flows;
    for (const direction of ['Inbound', 'Outbound'] as const) {
      const ours = securityRules(allowed).filter((rule) => rule.direction === direction);
      const room = TO_MACHINES.tcp - FIRST_PRIORITY;
      if (ours.length > room) throw tooManyRules(this.props.clusterName, ours.length, room);
      // Flows are appended to their table, never put between, so that a rule keeps its place.
      ours.forEach((rule, index) => {
        const [group, other] = [machines[rule.group], this.peer(rule.peer, machines)];
        if (group === undefined || other === undefined) return;
        const own: Side = { groupId: group };
        const [first, last] = rule.ports;
        add(rule.id, {
          direction,
          access: 'Allow',
          priority: FIRST_PRIORITY + index,
          protocol: rule.protocol === 'tcp' ? 'Tcp' : 'Udp',
          destinationPortRange: first === last ? String(first) : `${first}-${last}`,
          description: rule.description,
          ...(direction === 'Inbound' ? ends(other, own) : ends(own, other)),
        });
      });
      if (direction === 'Outbound') {
        for (const { id, rest } of this.toMachines(machines.worker)) add(id, { ...rest, direction });
      }
      // Azure's own last rules let machines of the same network talk to each other, and everybody out.
      add(direction === 'Inbound' ? 'nothing-else-in' : 'nothing-else-out', {
        direction,
        access: 'Deny',
        priority: LAST_PRIORITY,
        protocol: '*',
        destinationPortRange: ANY,
        description: 'what no flow needs',
        ...ends({ prefix: ANY }, { prefix: ANY }),
      });
    }
  }

  /**
   * Databases and file servers of the site, which are in no group of a cluster's: one rule a protocol, which keeps its
   * place however many there are. Each machine lets in only what it opens.
   */
  private toMachines(worker: string): { id: string; rest: RuleRest }[] {
    const { environment, network } = this.props;
    const reached = flowsToMachines(environment, network.siteName);
    return (['tcp', 'udp'] as const).flatMap((protocol) => {
      const ours = reached.filter((flow) => flow.protocol === protocol);
      if (ours.length === 0) return [];
      const rest: RuleRest = {
        access: 'Allow',
        priority: TO_MACHINES[protocol],
        protocol: protocol === 'tcp' ? 'Tcp' : 'Udp',
        destinationPortRanges: [...new Set(ours.map(({ ports }) => String(ports[0])))],
        description: 'machines of the site',
        ...ends({ groupId: worker }, { prefixes: [...new Set(ours.flatMap(({ cidrs }) => cidrs))] }),
      };
      return [{ id: `worker-to-machines-${protocol}`, rest }];
    });
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

/** What rules differ in. */
interface RuleRest {
  readonly access: 'Allow' | 'Deny';
  readonly priority: number;
  readonly protocol: string;
  readonly destinationPortRange?: string;
  readonly destinationPortRanges?: string[];
  readonly description: string;
  readonly sourceAddressPrefix?: string;
  readonly sourceAddressPrefixes?: string[];
  readonly sourceApplicationSecurityGroupIds?: string[];
  readonly destinationAddressPrefix?: string;
  readonly destinationAddressPrefixes?: string[];
  readonly destinationApplicationSecurityGroupIds?: string[];
}

function networks(cidrs: readonly string[]): Side | undefined {
  if (cidrs.length === 0) return undefined;
  return cidrs.includes(WORLD) ? { prefix: ANY } : { prefixes: [...new Set(cidrs)] };
}

function ends(source: Side, destination: Side): Partial<RuleRest> {
  return { ...sourceEnd(source), ...destinationEnd(destination) };
}

function sourceEnd(side: Side): Partial<RuleRest> {
  if ('groupId' in side) return { sourceApplicationSecurityGroupIds: [side.groupId] };
  return 'prefix' in side ? { sourceAddressPrefix: side.prefix } : { sourceAddressPrefixes: [...side.prefixes] };
}

function destinationEnd(side: Side): Partial<RuleRest> {
  if ('groupId' in side) return { destinationApplicationSecurityGroupIds: [side.groupId] };
  return 'prefix' in side
    ? { destinationAddressPrefix: side.prefix }
    : { destinationAddressPrefixes: [...side.prefixes] };
}
