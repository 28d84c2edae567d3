import { TerraformLocal } from 'cdktf';
import type { Construct } from 'constructs';
import { EphemeralResource } from '../core/ephemeral-resource';
import { unpublishedSecret } from '../platform/errors';
import { PENDING } from '../platform/pending';
import type { ISecret } from '../platform/secret-store';
import { VALUE } from './vault-path';

/**
 * Opens a secret in this stack and gives the expression of its value, which may only reach write-only arguments,
 * provider configurations and other ephemeral values.
 *
 * A slot that its host has not filled yet stops the plan. Terraform has no function that fails with a message; a
 * conversion that can't succeed says it.
 */
export function openSecret(scope: Construct, id: string, secret: ISecret): string {
  const [place = '', key = VALUE] = secret.name.split('#');
  const mount = place.slice(0, place.indexOf('/'));
  const opened = new EphemeralResource(scope, id, {
    type: 'vault_kv_secret_v2',
    arguments: { mount, name: nameOf(scope, `${id}-path`, secret.handle, mount) },
  });
  const value = opened.expression(`data["${key}"]`);
  const refusal = JSON.stringify(unpublishedSecret(secret.name, 'host'));
  return new TerraformLocal(
    scope,
    `${id}-value`,
    `\${${value} == "${PENDING}" ? tostring(tobool(${refusal})) : ${value}}`,
  ).asString;
}

/** A secret's path holds its name; taken from it, so that whoever opens a secret comes after it. */
function nameOf(scope: Construct, id: string, handle: string, mount: string): string {
  const path = new TerraformLocal(scope, id, handle);
  return `\${trimprefix(local.${path.friendlyUniqueId}, "${mount}/data/")}`;
}
