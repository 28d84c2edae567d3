import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { EphemeralResource } from '../core/ephemeral-resource';
import type { ISecret } from '../platform/secret-store';
import { unpublishedSecret } from './machine-errors';
import { PENDING } from './pending';

/** Position of the region in an ARN: arn, partition, service, region. */
const REGION = 3;

/**
 * Opens a secret in this stack and gives the expression of its value, which may only reach write-only arguments,
 * provider configurations and other ephemeral values.
 *
 * A slot that its machine has not filled yet stops the plan: readiness can be reported early
 * (https://github.com/hashicorp/terraform-provider-aws/issues/31175).
 */
export function openSecret(scope: Construct, id: string, secret: ISecret): string {
  const parameter = new EphemeralResource(scope, id, {
    type: 'aws_ssm_parameter',
    // The secret may lie in another region than the one this stack works in.
    arguments: { arn: secret.handle, region: Fn.element(Fn.split(':', secret.handle), REGION) },
    postconditions: [{ condition: `self.value != "${PENDING}"`, errorMessage: unpublishedSecret(secret.name) }],
  });
  return parameter.attribute('value');
}
