import type { SecretPlace } from '../../model/secret-ref';
import { keyOutsideStore, type SecretReading } from '../platform/errors';
import type { Grant } from './machine-role';
import type { Network } from './network';

const READING: SecretReading = { readers: 'machines of Azure', kind: 'keyvault', form: 'keyvault:name' };

/**
 * Name of a secret that people put into the site's vault.
 * @param field where the environment names it, for the message
 */
export function sharedName(field: string, place: SecretPlace): string {
  if (place.kind !== 'keyvault') throw keyOutsideStore(field, place.kind, READING);
  return place.name;
}

/** Read of exactly this secret. */
export function sharedRead({ vault }: Pick<Network, 'vault'>, field: string, place: SecretPlace): Grant {
  return { role: 'Key Vault Secrets User', scope: `${vault.id}/secrets/${sharedName(field, place)}` };
}
