import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { membershipId } from './host';
import { leaving } from './leaving';
import type { Network } from './network';

/** Hosts that leave, by stack: a cluster may have hosts of several sites, and `removed` blocks are one list. */
const leavingFrom = new WeakMap<TerraformStack, readonly string[]>();

/**
 * Ends the memberships of hosts that leave, in whatever cluster of the site they were: Terraform passes over those that
 * a stack never had. cdktf 0.21 has no class for `removed` blocks
 * (https://developer.hashicorp.com/terraform/language/block/removed).
 */
export function leaveHosts(scope: Construct, { site }: Network): void {
  if (site.leaving.length === 0) return;
  const stack = TerraformStack.of(scope);
  const hosts = [...(leavingFrom.get(stack) ?? []), ...site.leaving];
  leavingFrom.set(stack, hosts);
  stack.addOverride(
    'removed',
    hosts.map((host) => ({
      from: `terraform_data.${membershipId(host)}`,
      lifecycle: { destroy: true },
      provisioner: [leaving()],
    })),
  );
}
