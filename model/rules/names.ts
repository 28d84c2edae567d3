import { dnsOf, domainOf, MANAGEMENT } from '../lookup';
import { formatPath, keyNotAllowed, notAllowed } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import type { Rule } from './rule';
import { clustersWithNames, liesIn, zonePath } from './zones';

export const managementReserved: Rule = {
  id: 'management-reserved',
  check: (env) =>
    MANAGEMENT in env.clusters
      ? [keyNotAllowed(['clusters', MANAGEMENT], 'must be another name: this one is the cluster that runs Rancher')]
      : [],
};

export const domainInZone: Rule = {
  id: 'domain-in-zone',
  check: (env) => [
    ...(liesIn(env.domain, env.dns.zone)
      ? []
      : [notAllowed(['domain'], env.domain, `must lie in dns.zone ("${env.dns.zone}")`)]),
    ...Object.entries(env.sites).flatMap(([name, { domain: own, dns }]) => {
      const { zone } = dnsOf(env, name);
      const domain = domainOf(env, name);
      if ((own === undefined && dns === undefined) || liesIn(domain, zone)) return [];
      const at = ['sites', name];
      return own === undefined
        ? [
            notAllowed(
              [...at, 'dns', 'zone'],
              zone,
              `must hold "${domain}", or set "sites.${name}.domain" to one in it`,
            ),
          ]
        : [notAllowed([...at, 'domain'], own, `must lie in ${zoneOf(env, name)} ("${zone}")`)];
    }),
  ],
};

export const hostnameInZone: Rule = {
  id: 'hostname-in-zone',
  check: (env) => {
    const { hostname, site } = env.management;
    const { zone } = env.sites[site]?.dns ?? env.dns;
    return hostname !== zone && liesIn(hostname, zone)
      ? []
      : [notAllowed(['management', 'hostname'], hostname, `must be a name below ${zoneOf(env, site)} ("${zone}")`)];
  },
};

export const domainOfOneZone: Rule = {
  id: 'domain-of-one-zone',
  check: (env) =>
    pairsOf(env)
      .filter(([one, other]) => domainOf(env, one) === domainOf(env, other))
      .filter(([one, other]) => dnsOf(env, one).zone !== dnsOf(env, other).zone)
      .map(([one, other]) =>
        notAllowed(
          ['sites', other, ...(env.sites[other]?.dns === undefined ? ['domain'] : ['dns', 'zone'])],
          env.sites[other]?.dns?.zone ?? domainOf(env, other),
          `must be as in site "${one}" ("${dnsOf(env, one).zone}"), or the domains must differ: names of one domain are looked for in one zone`,
        ),
      ),
};

export const zoneInOnePlace: Rule = {
  id: 'zone-in-one-place',
  check: (env) =>
    pairsOf(env).flatMap(([one, other]) => {
      const [first, second] = [dnsOf(env, one), dnsOf(env, other)];
      // Names that people write may stand in a zone that has others as well.
      const isOne = first.resourceGroup === second.resourceGroup && first.public === second.public;
      if (first === second || first.zone !== second.zone || first.manual || second.manual || isOne) return [];
      return [
        notAllowed(
          [...zonePath(env, other), 'zone'],
          second.zone,
          `must be another zone than that of site "${one}": two of one name in two places, and resolvers ask one of them`,
        ),
      ];
    }),
};

export const clusterNamesOffZones: Rule = {
  id: 'cluster-names-off-zones',
  check: (env) =>
    clustersWithNames(env).flatMap(({ name, site, path }) => {
      const { zone } = dnsOf(env, site);
      const full = `${name}.${domainOf(env, site)}`;
      return Object.keys(env.sites)
        .filter((other) => {
          const further = dnsOf(env, other).zone;
          return further !== zone && liesIn(further, zone) && (liesIn(full, further) || liesIn(further, full));
        })
        .slice(0, 1)
        .map((other) =>
          keyNotAllowed(
            path,
            `must be another name: "${full}" would meet the zone of site "${other}" ("${dnsOf(env, other).zone}")`,
          ),
        );
    }),
};

/** Every two sites, in the order of the file. */
function pairsOf({ sites }: EnvironmentSpec): [one: string, other: string][] {
  const names = Object.keys(sites);
  return names.flatMap((other, index) => names.slice(0, index).map((one): [string, string] => [one, other]));
}

/** How a message names the zone of a site. */
function zoneOf(env: EnvironmentSpec, siteName: string): string {
  return formatPath([...zonePath(env, siteName), 'zone']);
}
