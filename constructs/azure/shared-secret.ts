import type { SecretPlace } from '../../model/secret-ref';
import { keyOutsideVault } from './errors';
import type { Grant } from './machine-role';
import type { Network } from './network';

/**
 * Name of a secret that people put into the site's vault.
 * @param field where the environment names it, for the message
 */
export function sharedName(field: string, place: SecretPlace): string {
  if (place.kind !== 'keyvault') throw keyOutsideVault(field, place.kind);
  return place.name;
}

/** Read of exactly this secret. */
export function sharedRead({ vault }: Pick<Network, 'vault'>, field: string, place: SecretPlace): Grant {
  return { role: 'Key Vault Secrets User', scope: `${vault.id}/secrets/${sharedName(field, place)}` };
}
