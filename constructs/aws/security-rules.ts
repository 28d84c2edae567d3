import type { Flow, Role } from '../platform/flows';

/** Roles that are security groups; the others are networks. */
export const GROUP_ROLES = ['server', 'worker', 'ingress', 'plane', 'web', 'nginx', 'storage'] as const;
export type GroupRole = (typeof GROUP_ROLES)[number];

/** One rule of one security group. */
export interface SecurityRule {
  /** Unique among the rules of a cluster, and stable. */
  readonly id: string;
  readonly direction: 'ingress' | 'egress';
  /** Group that has the rule. */
  readonly group: GroupRole;
  /** The other side. */
  readonly peer: Role;
  readonly protocol: 'tcp' | 'udp';
  readonly ports: readonly [first: number, last: number];
  readonly description: string;
}

/**
 * Rules that let the flows through and nothing else: one where a group takes a connection, one where it opens it.
 * An ingress machine wears a worker's or server's group too, which has its outward rules.
 */
export function securityRules(flows: readonly Flow[]): SecurityRule[] {
  return flows.flatMap((flow) =>
    flow.from.flatMap((from) =>
      flow.to.flatMap((to) => [...rule(flow, 'ingress', to, from), ...rule(flow, 'egress', from, to)]),
    ),
  );
}

function rule(flow: Flow, direction: SecurityRule['direction'], group: Role, peer: Role): SecurityRule[] {
  if (!isGroup(group)) return [];
  const { name, protocol, ports, why } = flow;
  const relation = direction === 'ingress' ? 'from' : 'to';
  return [{ id: `${group}-${name}-${relation}-${peer}`, direction, group, peer, protocol, ports, description: why }];
}

/** Whether a role is a security group, and not a network. */
export function isGroup(role: Role): role is GroupRole {
  return GROUP_ROLES.some((group) => group === role);
}
