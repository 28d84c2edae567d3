import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { membershipId } from './host';
import { leaving } from './leaving';
import type { Network } from './network';

/**
 * Ends the memberships of hosts that leave, in whatever cluster of the site they were: Terraform passes over those that
 * a stack never had. cdktf 0.21 has no class for `removed` blocks
 * (https://developer.hashicorp.com/terraform/language/block/removed).
 */
export function leaveHosts(scope: Construct, { site }: Network): void {
  if (site.leaving.length === 0) return;
  TerraformStack.of(scope).addOverride(
    'removed',
    site.leaving.map((host) => ({
      from: `terraform_data.${membershipId(host)}`,
      lifecycle: { destroy: true },
      provisioner: [leaving()],
    })),
  );
}
