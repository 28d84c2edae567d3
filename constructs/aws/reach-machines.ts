import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import type { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { flowsToMachines } from '../platform/machine-flows';

/** The site that workers stand in. */
interface SiteOwner {
  readonly environment: Environment;
  readonly network: { readonly siteName: string };
}

/** Lets workers out to databases and file servers of their site, which are in no group of a cluster's. */
export function reachMachines(rules: Construct, worker: SecurityGroup, { environment, network }: SiteOwner): void {
  for (const { id, protocol, ports, cidrs, why } of flowsToMachines(environment, network.siteName)) {
    for (const cidrIpv4 of cidrs) {
      new VpcSecurityGroupEgressRule(rules, `worker-to-${id}`, {
        securityGroupId: worker.id,
        ipProtocol: protocol,
        fromPort: ports[0],
        toPort: ports[1],
        description: why,
        cidrIpv4,
      });
    }
  }
}
