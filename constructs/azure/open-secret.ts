import { TerraformLocal } from 'cdktf';
import type { Construct } from 'constructs';
import { EphemeralResource } from '../core/ephemeral-resource';
import { unpublishedSecret } from '../platform/errors';
import { PENDING } from '../platform/pending';
import type { ISecret } from '../platform/secret-store';

/**
 * Opens a secret in this stack and gives the expression of its value, which may only reach write-only arguments,
 * provider configurations and other ephemeral values.
 *
 * A slot that its machine has not filled yet stops the plan. Terraform has no function that fails with a message; a
 * conversion that can't succeed says it.
 */
export function openSecret(scope: Construct, id: string, secret: ISecret): string {
  const opened = new EphemeralResource(scope, id, {
    type: 'azurerm_key_vault_secret',
    arguments: { name: secret.name, key_vault_id: vaultOf(scope, `${id}-vault`, secret.handle) },
  });
  const value = opened.expression('value');
  const refusal = JSON.stringify(unpublishedSecret(secret.name, 'machine'));
  return new TerraformLocal(
    scope,
    `${id}-value`,
    `\${${value} == "${PENDING}" ? tostring(tobool(${refusal})) : ${value}}`,
  ).asString;
}

/** A secret's id begins with that of its vault; taken from it, so that whoever opens a secret comes after it. */
function vaultOf(scope: Construct, id: string, handle: string): string {
  const secretId = new TerraformLocal(scope, id, handle);
  return `\${split("/secrets/", local.${secretId.friendlyUniqueId})[0]}`;
}
