import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import type { Flow, Role } from '../platform/flows';
import { securityRules, type GroupRole } from './security-rules';

/** The other side of a rule, as the provider names it. */
export type Peer = { cidrIpv4: string } | { prefixListId: string } | { referencedSecurityGroupId: string };

/** Who plays the roles of the flows. */
export interface SecurityGroupRulesProps {
  readonly flows: readonly Flow[];
  /** The group that has the rules of a role; without one there are none. */
  readonly groupOf: (role: GroupRole) => SecurityGroup | undefined;
  /** Who is meant by a role on the other side: by the end of the rule's id, which is empty where one is all there is. */
  readonly peersOf: (role: Role) => Readonly<Record<string, Peer>>;
}

/** Rules of security groups, one by one: a change of one leaves the others alone. */
export class SecurityGroupRules extends Construct {
  public constructor(scope: Construct, id: string, { flows, groupOf, peersOf }: SecurityGroupRulesProps) {
    super(scope, id);
    for (const rule of securityRules(flows)) {
      const owner = groupOf(rule.group);
      if (owner === undefined) continue;
      const Rule = rule.direction === 'ingress' ? VpcSecurityGroupIngressRule : VpcSecurityGroupEgressRule;
      for (const [end, peer] of Object.entries(peersOf(rule.peer))) {
        new Rule(this, `${rule.id}${end}`, {
          securityGroupId: owner.id,
          ipProtocol: rule.protocol,
          fromPort: rule.ports[0],
          toPort: rule.ports[1],
          description: rule.description,
          ...peer,
        });
      }
    }
  }
}

/** Peers of a role that is one thing, or nobody. */
export function onePeer(peer: Peer | undefined): Readonly<Record<string, Peer>> {
  return peer === undefined ? {} : { '': peer };
}

/** Peers of a role that is played by sites: each by its network, so that a further one changes no rule. */
export function sitePeers(networks: Readonly<Record<string, string>>): Readonly<Record<string, Peer>> {
  return Object.fromEntries(Object.entries(networks).map(([site, cidrIpv4]) => [`-${site}`, { cidrIpv4 }]));
}
