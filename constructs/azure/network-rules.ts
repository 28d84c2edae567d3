import { NetworkSecurityRule } from '@cdktf/provider-azurerm/lib/network-security-rule';
import { Construct } from 'constructs';
import type { MachineFlow } from '../platform/machine-flows';
import { tooManyRules } from './errors';
import type { GroupRole, Peer, SecurityRule } from './security-rules';

/** One side of a rule: addresses, or a group of machines. */
export type Side = { prefixes: readonly string[] } | { prefix: string } | { groupId: string };

/** The rules of a cluster on a site, and who plays the roles in them. */
export interface NetworkRulesProps {
  readonly clusterName: string;
  readonly resourceGroupName: string;
  readonly networkSecurityGroupName: string;
  /** In the order of their places, which they keep. */
  readonly rules: readonly SecurityRule[];
  /** Rules that let people in by the bastion; none where there is no bastion. */
  readonly fromBastion: readonly SecurityRule[];
  /** Group of the machines that a rule is about; without one there is no rule. */
  readonly groupOf: (role: GroupRole) => string | undefined;
  /** Who is on the other side; nobody is no rule at all. */
  readonly peerOf: (peer: Peer) => Side | undefined;
  /** Flows of workers to machines of the site, which are in no group of a cluster's. */
  readonly toMachines: readonly MachineFlow[];
  /** Port on which servers reach a store of snapshots, wherever it stands. @default - none but those of the flows */
  readonly storePort?: number | undefined;
}

const WORLD = '0.0.0.0/0';

/** Every address, as a rule of Azure names it. */
export const ANY = '*';

/**
 * Rules are tried in the order of their priorities, 100 to 4096; the last two places refuse what no rule let through.
 * @see https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
 */
const FIRST_PRIORITY = 100;
const LAST_PRIORITY = 4096;

/**
 * Rules that lead to machines of the site, or to a store of snapshots, stand behind those of the flows, at places of their
 * own: none moves another.
 */
const TO_MACHINES = { tcp: 4000, udp: 4001 } as const;
const TO_STORE = 4002;

/** First place of the rules of the bastion, which come and go with it, one behind the other. */
const FROM_BASTION = 4010;

/** The rules of a network security group, one by one, and after them the refusal of everything else. */
export class NetworkRules extends Construct {
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: NetworkRulesProps,
  ) {
    super(scope, id);
    for (const direction of ['Inbound', 'Outbound'] as const) {
      const ours = props.rules.filter((rule) => rule.direction === direction);
      const room = TO_MACHINES.tcp - FIRST_PRIORITY;
      if (ours.length > room) throw tooManyRules(props.clusterName, ours.length, room);
      // Rules are appended to their list, never put between, so that each keeps its place.
      ours.forEach((rule, index) => {
        this.allow(rule, FIRST_PRIORITY + index);
      });
      if (direction === 'Outbound') {
        this.reachMachines();
        this.reachStore();
      }
      props.fromBastion.forEach((rule, index) => {
        if (rule.direction === direction) this.allow(rule, FROM_BASTION + index);
      });
      // Azure's own last rules let machines of the same network talk to each other, and everybody out.
      this.add(direction === 'Inbound' ? 'nothing-else-in' : 'nothing-else-out', {
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

  private allow(rule: SecurityRule, priority: number): void {
    const [groupId, other] = [this.props.groupOf(rule.group), this.props.peerOf(rule.peer)];
    if (groupId === undefined || other === undefined) return;
    const own: Side = { groupId };
    const [first, last] = rule.ports;
    this.add(rule.id, {
      direction: rule.direction,
      access: 'Allow',
      priority,
      protocol: rule.protocol === 'tcp' ? 'Tcp' : 'Udp',
      destinationPortRange: first === last ? String(first) : `${first}-${last}`,
      description: rule.description,
      ...(rule.direction === 'Inbound' ? ends(other, own) : ends(own, other)),
    });
  }

  /** One rule a protocol, which keeps its place however many machines there are; each lets in only what it opens. */
  private reachMachines(): void {
    const groupId = this.props.groupOf('worker');
    if (groupId === undefined) return;
    for (const protocol of ['tcp', 'udp'] as const) {
      const ours = this.props.toMachines.filter((flow) => flow.protocol === protocol);
      if (ours.length === 0) continue;
      this.add(`worker-to-machines-${protocol}`, {
        direction: 'Outbound',
        access: 'Allow',
        priority: TO_MACHINES[protocol],
        protocol: protocol === 'tcp' ? 'Tcp' : 'Udp',
        destinationPortRanges: [...new Set(ours.map(({ ports }) => String(ports[0])))],
        description: 'machines of the site',
        ...ends({ groupId }, { prefixes: [...new Set(ours.flatMap(({ cidrs }) => cidrs))] }),
      });
    }
  }

  /** A store has a name, and rules know addresses alone: its port is open to all of them. */
  private reachStore(): void {
    const groupId = this.props.groupOf('server');
    const { storePort } = this.props;
    if (groupId === undefined || storePort === undefined) return;
    this.add('server-to-snapshot-store', {
      direction: 'Outbound',
      access: 'Allow',
      priority: TO_STORE,
      protocol: 'Tcp',
      destinationPortRange: String(storePort),
      description: 'snapshots of etcd',
      ...ends({ groupId }, { prefix: ANY }),
    });
  }

  private add(id: string, rest: Pick<SecurityRule, 'direction'> & RuleRest): void {
    const { resourceGroupName, networkSecurityGroupName } = this.props;
    new NetworkSecurityRule(this, id, {
      name: id,
      resourceGroupName,
      networkSecurityGroupName,
      sourcePortRange: ANY,
      ...rest,
    });
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

/** A side of these networks, each once; none of no networks. */
export function networks(cidrs: readonly string[]): Side | undefined {
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
