import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import { namePartsOf } from '../platform/belonging';
import { flowsIn, flowsOut, type MachineFlow } from '../platform/machine-flows';
import type { MachinePlace } from './machine-statements';

/** The machine whose traffic it is. */
export interface MachineSecurityProps extends Pick<MachinePlace, 'environment' | 'network'> {
  /** Its key in the site. */
  readonly name: string;
}

/** The security group of one machine of a site: what the environment opens, and what any machine needs. */
export class MachineSecurity extends Construct {
  public readonly securityGroupId: string;

  public constructor(scope: Construct, id: string, { environment, network, name: key }: MachineSecurityProps) {
    super(scope, id);
    const name = physicalName('awsSecurityGroup', [...namePartsOf({ environment, network }), key]);
    const group = new SecurityGroup(this, 'group', {
      name,
      description: 'Machine of a site',
      vpcId: network.vpcId,
      tags: { Name: name },
    });
    this.securityGroupId = group.id;
    this.rules('in', VpcSecurityGroupIngressRule, flowsIn(environment, network.siteName, key));
    this.rules('out', VpcSecurityGroupEgressRule, flowsOut(environment, network.siteName, key));
  }

  private rules(
    id: string,
    Rule: typeof VpcSecurityGroupIngressRule | typeof VpcSecurityGroupEgressRule,
    flows: readonly MachineFlow[],
  ): void {
    const rules = new Construct(this, id);
    for (const { id: flow, protocol, ports, cidrs, why } of flows) {
      for (const cidr of cidrs) {
        new Rule(rules, `${flow}-${cidr.replace('/', '-')}`, {
          securityGroupId: this.securityGroupId,
          ipProtocol: protocol,
          fromPort: ports[0],
          toPort: ports[1],
          cidrIpv4: cidr,
          description: why,
        });
      }
    }
  }
}
