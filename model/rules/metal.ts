import { parseCidr } from '../cidr';
import { notAllowed, show } from '../problem';
import type { Problem } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import type { VaultSpec } from '../spec/vault';
import { doorsOf } from './doors';
import { cloudGroupsOf, cloudServersOf, metalSites, nodeGroupsOf, onPlatform, serversOf } from './rule';
import type { PlacedInSite, Rule } from './rule';
import { soleUser, usedZones } from './zones';

export const serversOfPlatform: Rule = {
  id: 'servers-of-platform',
  check: (env) => [
    ...onPlatform(env, 'metal', cloudServersOf(env)).map(({ path, value, site }) =>
      notAllowed(path, value, `must be given by hosts, as {hosts: [...]}: site "${site}" is on metal`),
    ),
    ...hostsOnClouds(env, serversOf(env)),
  ],
};

export const nodeGroupsOfPlatform: Rule = {
  id: 'node-groups-of-platform',
  check: (env) => [
    ...onPlatform(env, 'metal', cloudGroupsOf(env)).map(({ path, value, site }) =>
      notAllowed(path, value, `must be given by hosts, as {hosts: [...]}: site "${site}" is on metal`),
    ),
    ...hostsOnClouds(env, nodeGroupsOf(env)),
  ],
};

export const vaultOnMetal: Rule = {
  id: 'vault-on-metal',
  check: (env) => {
    const without = metalSites(env).filter(([, { secrets }]) => secrets === undefined);
    const isAlone = Object.values(env.sites).every(({ platform }) => platform === 'metal');
    if (without.length === 0 || env.secrets?.kind === 'vault' || (isAlone && env.secrets !== undefined)) return [];
    const text = 'is missing: sites on metal have no store of their own, name a Vault that exists';
    return isAlone
      ? [{ path: ['secrets'], text }]
      : without.map(([name]) => ({ path: ['sites', name, 'secrets'], text }));
  },
};

export const vaultOfManagement: Rule = {
  id: 'vault-of-management',
  check: (env) => {
    const { site: home } = env.management;
    const vault = vaultIn(env, home);
    if (vault === undefined) return [];
    return metalSites(env).flatMap(([name, { secrets }]): Problem[] => {
      const other = vaultIn(env, name);
      const key = (['address', 'namespace'] as const).find((it) => other !== undefined && other[it] !== vault[it]);
      if (key === undefined) return [];
      return [
        notAllowed(
          secrets === undefined ? ['secrets', key] : ['sites', name, 'secrets', key],
          other?.[key],
          `must be as in site "${home}" (${show(vault[key])}), where the secrets of Rancher lie: a stack speaks with one Vault`,
        ),
      ];
    });
  },
};

/** The Vault of a site on metal, as far as it is right. */
function vaultIn(env: EnvironmentSpec, siteName: string): VaultSpec | undefined {
  const site = env.sites[siteName];
  if (site?.platform !== 'metal') return undefined;
  return [site.secrets, env.secrets].find((it) => it?.kind === 'vault');
}

export const namesByHandOnMetal: Rule = {
  id: 'names-by-hand-on-metal',
  check: (env) =>
    usedZones(env).flatMap((zone) => {
      const platform = soleUser(zone);
      const { manual } = zone.dns;
      if (platform === undefined || manual === (platform === 'metal')) return [];
      return [
        notAllowed(
          [...zone.path, 'manual'],
          manual,
          platform === 'metal'
            ? 'must be true: no records are written on metal, the output "names" says which there must be'
            : 'must be left out: the platform of the sites writes the records',
        ),
      ];
    }),
};

export const internalOnMetal: Rule = {
  id: 'internal-on-metal',
  check: (env) =>
    onPlatform(env, 'metal', doorsOf(env))
      .filter(({ value }) => value.exposure === 'public')
      .map(({ path }) =>
        notAllowed([...path, 'exposure'], 'public', 'must be "internal": Drover makes no public addresses on metal'),
      ),
};

export const metalEgressOfYours: Rule = {
  id: 'metal-egress-of-yours',
  check: (env) =>
    metalSites(env).flatMap(([name, { egressCidrs }]) =>
      egressCidrs.flatMap((cidr, index): Problem[] =>
        parseCidr(cidr).prefix === 0
          ? [
              notAllowed(
                ['sites', name, 'egressCidrs', index],
                cidr,
                'must be networks of the site: whoever is named here is let into Rancher',
              ),
            ]
          : [],
      ),
    ),
};

/** Places where hosts stand in the data although the site makes its machines. */
export function hostsOnClouds(env: EnvironmentSpec, placed: readonly PlacedInSite<object>[]): Problem[] {
  return [...onPlatform(env, 'aws', placed), ...onPlatform(env, 'azure', placed)]
    .filter(({ value }) => 'hosts' in value)
    .map(({ path, value, site }) =>
      notAllowed(path, value, `must be given by machine: site "${site}" is on a cloud and has no hosts`),
    );
}
