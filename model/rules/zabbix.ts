import { notAllowed, type Problem } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import type { PlatformName } from '../spec/site';
import { isOwn, mustBeOwn } from './own-store';
import type { Rule } from './rule';

export const zabbixKeyInParameter: Rule = {
  id: 'zabbix-key-in-parameter',
  check: (env) => keyElsewhere(env, 'aws'),
};

export const zabbixKeyInVault: Rule = {
  id: 'zabbix-key-in-vault',
  check: (env) => keyElsewhere(env, 'azure'),
};

export const zabbixKeyInKeyValue: Rule = {
  id: 'zabbix-key-in-key-value',
  check: (env) => keyElsewhere(env, 'metal'),
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

function keyElsewhere(env: EnvironmentSpec, platform: PlatformName): Problem[] {
  const { zabbix } = env;
  if (zabbix === undefined) return [];
  const allowed = mustBeOwn(platform);
  const here = Object.entries(env.sites).filter(([, site]) => site.platform === platform);
  const own = here.flatMap(([name, { zabbixKey }]) =>
    zabbixKey === undefined || isOwn(platform, zabbixKey.kind)
      ? []
      : [notAllowed(['sites', name, 'zabbixKey'], zabbixKey, allowed)],
  );
  const without = here.filter(([, { zabbixKey }]) => zabbixKey === undefined);
  if (isOwn(platform, zabbix.pskSecret.kind) || without.length === 0) return own;
  // The environment's key may be right for another platform.
  return Object.values(env.sites).every((site) => site.platform === platform)
    ? [...own, notAllowed(['zabbix', 'pskSecret'], zabbix.pskSecret, allowed)]
    : [...own, ...without.map(([name]) => ({ path: ['sites', name, 'zabbixKey'], text: `is missing: ${allowed}` }))];
}
