import { TerraformLocal } from 'cdktf';
import type { Construct } from 'constructs';
import { EphemeralResource } from '../core/ephemeral-resource';
import { unpublishedSecret } from '../platform/errors';
import type { ISecret } from '../platform/secret-store';
import { PENDING } from '../platform/pending';

/**
 * Opens a secret in this stack and gives the expression of its value, which may only reach write-only arguments,
 * provider configurations and other ephemeral values.
 *
 * A slot that its machine has not filled yet stops the plan: readiness can be reported early
 * (https://github.com/hashicorp/terraform-provider-aws/issues/31175). Terraform has no function that fails with a
 * message; a conversion that can't succeed says it.
 */
export function openSecret(scope: Construct, id: string, secret: ISecret): string {
  const parameter = new EphemeralResource(scope, id, {
    type: 'aws_ssm_parameter',
    // The secret may lie in another region than the one this stack works in.
    arguments: { arn: secret.handle, region: secret.region },
  });
  const value = parameter.expression('value');
  const refusal = JSON.stringify(unpublishedSecret(secret.name, 'machine'));
  const opened = new TerraformLocal(
    scope,
    `${id}-value`,
    `\${${value} == "${PENDING}" ? tostring(tobool(${refusal})) : ${value}}`,
  );
  return opened.asString;
}
