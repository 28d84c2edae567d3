import { notAllowed, type Problem } from '../problem';
import type { SecretPlace } from '../secret-ref';
import type { EnvironmentSpec } from '../spec/environment';
import type { PlatformName } from '../spec/site';
import { platformOf, type Rule } from './rule';

export const zabbixKeyInParameter: Rule = {
  id: 'zabbix-key-in-parameter',
  check: (env) => keyElsewhere(env, { platform: 'aws', kind: 'ssm', place: 'an SSM parameter (ssm:/path)' }),
};

export const zabbixKeyInVault: Rule = {
  id: 'zabbix-key-in-vault',
  check: (env) =>
    keyElsewhere(env, {
      platform: 'azure',
      kind: 'keyvault',
      place: "a secret of the site's Key Vault (keyvault:name)",
    }),
};

export const zabbixKeyInKeyValue: Rule = {
  id: 'zabbix-key-in-key-value',
  check: (env) =>
    keyElsewhere(env, {
      platform: 'metal',
      kind: 'vault',
      place: "a key of a secret in the environment's Vault (vault:mount/path#key)",
    }),
};

/** A platform's own store, which is the one that its machines have an identity for. */
interface OwnStore {
  readonly platform: PlatformName;
  readonly kind: SecretPlace['kind'];
  readonly place: string;
}

function keyElsewhere(env: EnvironmentSpec, { platform, kind, place }: OwnStore): Problem[] {
  const { zabbix } = env;
  if (zabbix === undefined || zabbix.pskSecret.kind === kind || platformOf(env) !== platform) return [];
  return [
    notAllowed(['zabbix', 'pskSecret'], zabbix.pskSecret, `must be ${place}: machines read it by their own identity`),
  ];
}
