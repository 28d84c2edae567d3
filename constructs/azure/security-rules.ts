import type { Flow, Role } from '../platform/flows';

/** Roles that are groups of machines. */
export const GROUP_ROLES = ['server', 'worker', 'ingress', 'storage'] as const;
export type GroupRole = (typeof GROUP_ROLES)[number];

/** The other side of a rule. `probe` is the platform's check of a machine's health, which comes from an address of its own. */
export type Peer = Role | 'probe';

/** One rule of the cluster's network security group. */
export interface SecurityRule {
  /** Unique among the rules of a cluster, and stable. */
  readonly id: string;
  readonly direction: 'Inbound' | 'Outbound';
  /** Machines that the rule is about. */
  readonly group: GroupRole;
  readonly peer: Peer;
  readonly protocol: 'tcp' | 'udp';
  readonly ports: readonly [first: number, last: number];
  readonly description: string;
}

/** Load balancers. On Azure they are no party to a connection: a machine sees the client itself. */
const BALANCERS: readonly Role[] = ['plane', 'web'];

/**
 * Rules that let the flows through and nothing else: one where a group takes a connection, one where it opens it.
 * A load balancer passes connections on with the client's address, so whoever may reach it is let in at the machines
 * behind it, and the platform's probes are.
 */
export function securityRules(flows: readonly Flow[]): SecurityRule[] {
  const rules = flows.flatMap((flow) =>
    flow.to.flatMap((to) => [
      ...clientsOf(flow, flows).flatMap((from) => rule(flow, 'Inbound', to, from)),
      ...flow.from.flatMap((from) => rule(flow, 'Outbound', from, to)),
    ]),
  );
  // Who comes by a balancer may come directly as well: one rule lets both in.
  return rules.filter(({ id }, index) => rules.findIndex((other) => other.id === id) === index);
}

/** Who opens the connections of a flow, seen from the machine that takes them. */
function clientsOf(flow: Flow, flows: readonly Flow[]): readonly Peer[] {
  return flow.from.flatMap((from): readonly Peer[] => {
    if (!BALANCERS.includes(from)) return [from];
    const before = flows.filter((other) => other.to.includes(from) && other.name === flow.name);
    return ['probe', ...before.flatMap((other) => other.from)];
  });
}

function rule(flow: Flow, direction: SecurityRule['direction'], group: Role, peer: Peer): SecurityRule[] {
  if (!isGroup(group)) return [];
  const { name, protocol, ports, why } = flow;
  const relation = direction === 'Inbound' ? 'from' : 'to';
  return [{ id: `${group}-${name}-${relation}-${peer}`, direction, group, peer, protocol, ports, description: why }];
}

function isGroup(role: Role): role is GroupRole {
  return GROUP_ROLES.some((group) => group === role);
}
