import type { Flow, Role } from '../platform/flows';

/** One thing that a host lets in. */
export interface SecurityRule {
  readonly protocol: Flow['protocol'];
  readonly ports: Flow['ports'];
  /** Who opens the connection. */
  readonly from: readonly Role[];
}

/**
 * What a host lets in by the parts that it plays, and nothing else. On metal a load balancer is a host with NGINX: it
 * opens connections of its own, so those behind it see no client.
 */
export function securityRules(flows: readonly Flow[], parts: readonly Role[]): SecurityRule[] {
  return flows
    .filter(({ to }) => to.some((role) => parts.includes(role)))
    .map(({ protocol, ports, from }) => ({ protocol, ports, from }));
}
