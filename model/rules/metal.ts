import { parseCidr } from '../cidr';
import { raisedMembers } from '../lookup';
import { notAllowed } from '../problem';
import type { Problem } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import { memberDoorsOf } from './doors';
import { cloudGroupsOf, cloudServersOf, metalSites, nodeGroupsOf, onPlatform, platformOf, serversOf } from './rule';
import type { PlacedInSite, Rule } from './rule';

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
  check: (env) =>
    platformOf(env) === 'metal' && env.secrets === undefined
      ? [{ path: ['secrets'], text: 'is missing: sites on metal have no store of their own, name a Vault that exists' }]
      : [],
};

export const namesByHandOnMetal: Rule = {
  id: 'names-by-hand-on-metal',
  check: (env) => {
    const platform = platformOf(env);
    const { manual } = env.dns;
    if (platform === undefined || manual === (platform === 'metal')) return [];
    return [
      notAllowed(
        ['dns', 'manual'],
        manual,
        platform === 'metal'
          ? 'must be true: no records are written on metal, the output "names" says which there must be'
          : 'must be left out: the platform of the sites writes the records',
      ),
    ];
  },
};

export const internalOnMetal: Rule = {
  id: 'internal-on-metal',
  check: (env) => {
    const { exposure, site } = env.management;
    const doors = [
      { path: ['management', 'exposure'], value: exposure, site },
      ...memberDoorsOf(env).map(({ path, value }) => ({
        path: [...path, 'exposure'],
        value: value.exposure,
        site: raisedMembers(env)[String(path[1])]?.site ?? '',
      })),
    ];
    return onPlatform(env, 'metal', doors)
      .filter(({ value }) => value === 'public')
      .map(({ path, value }) =>
        notAllowed(path, value, 'must be "internal": Drover makes no public addresses on metal'),
      );
  },
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
