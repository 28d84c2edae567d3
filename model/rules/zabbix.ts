import { notAllowed, type Problem } from '../problem';
import type { SecretPlace } from '../secret-ref';
import type { EnvironmentSpec } from '../spec/environment';
import type { PlatformName } from '../spec/site';
import type { Rule } from './rule';

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

export const zabbixKeyTakesEffect: Rule = {
  id: 'zabbix-key-takes-effect',
  check: ({ zabbix, sites }) =>
    Object.entries(sites).flatMap(([name, { zabbixKey }]) =>
      zabbix !== undefined || zabbixKey === undefined
        ? []
        : [notAllowed(['sites', name, 'zabbixKey'], zabbixKey, 'must be left out: the environment has no Zabbix')],
    ),
};

/** A platform's own store, which is the one that its machines have an identity for. */
interface OwnStore {
  readonly platform: PlatformName;
  readonly kind: SecretPlace['kind'];
  readonly place: string;
}

function keyElsewhere(env: EnvironmentSpec, { platform, kind, place }: OwnStore): Problem[] {
  const { zabbix } = env;
  if (zabbix === undefined) return [];
  const allowed = `must be ${place}: machines read it by their own identity`;
  const here = Object.entries(env.sites).filter(([, site]) => site.platform === platform);
  const own = here.flatMap(([name, { zabbixKey }]) =>
    zabbixKey === undefined || zabbixKey.kind === kind
      ? []
      : [notAllowed(['sites', name, 'zabbixKey'], zabbixKey, allowed)],
  );
  const without = here.filter(([, { zabbixKey }]) => zabbixKey === undefined);
  if (zabbix.pskSecret.kind === kind || without.length === 0) return own;
  // The environment's key may be right for another platform.
  return Object.values(env.sites).every((site) => site.platform === platform)
    ? [...own, notAllowed(['zabbix', 'pskSecret'], zabbix.pskSecret, allowed)]
    : [...own, ...without.map(([name]) => ({ path: ['sites', name, 'zabbixKey'], text: `is missing: ${allowed}` }))];
}
