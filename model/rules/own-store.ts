import { STORES } from '../lookup';
import type { SecretPlace } from '../secret-ref';
import type { PlatformName } from '../spec/site';

/** How people write a secret of a platform's own store, which is the one that its machines have an identity for. */
const PLACES: Readonly<Record<PlatformName, string>> = {
  aws: 'an SSM parameter (ssm:/path)',
  azure: "a secret of the site's Key Vault (keyvault:name)",
  metal: "a key of a secret in the environment's Vault (vault:mount/path#key)",
};

/** Whether the machines of a platform can read a secret of that kind. */
export function isOwn(platform: PlatformName, kind: SecretPlace['kind']): boolean {
  return STORES[platform] === kind;
}

/** What is said of a secret that they can't read. */
export function mustBeOwn(platform: PlatformName): string {
  return `must be ${PLACES[platform]}: machines read it by their own identity`;
}
