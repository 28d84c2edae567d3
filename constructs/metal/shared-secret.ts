import type { SecretPlace } from '../../model/secret-ref';
import { keyOutsideStore, type SecretReading } from '../platform/errors';
import type { Grant } from './machine-role';

const READING: SecretReading = { readers: 'hosts on metal', kind: 'vault', form: 'vault:mount/path#key' };

/**
 * Name of a secret that people put into the site's Vault, as hosts read it.
 * @param field where the environment names it, for the message
 */
export function sharedName(field: string, place: SecretPlace): string {
  const { path, key } = inVault(field, place);
  return `${path}#${key}`;
}

/** Reads of exactly these secrets, by the fields that name them; each path once, however many of its keys are read. */
export function sharedReads(secrets: readonly (readonly [field: string, place: SecretPlace])[]): Grant[] {
  const paths = secrets.map(([field, place]) => policyPath(inVault(field, place).path));
  return [...new Set(paths)].map((path) => ({ path, capabilities: ['read'] }));
}

/** Path of a secret of the key-value engine as its own API and policies name it: `mount/data/name`. */
export function policyPath(path: string): string {
  const [mount = '', ...name] = path.split('/');
  return [mount, 'data', ...name].join('/');
}

function inVault(field: string, place: SecretPlace): Extract<SecretPlace, { kind: 'vault' }> {
  if (place.kind !== 'vault') throw keyOutsideStore(field, place.kind, READING);
  return place;
}
