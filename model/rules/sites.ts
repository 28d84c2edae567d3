import { containsNetwork, formatCidr, isAligned, overlaps, parseCidr } from '../cidr';
import { raisedMembers } from '../lookup';
import { notAllowed } from '../problem';
import type { SiteSpec } from '../spec/site';
import { listed } from './rule';
import type { Rule } from './rule';

/** @see https://www.rfc-editor.org/rfc/rfc1918 */
export const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** RKE2's own networks. @see https://docs.rke2.io/reference/server_config */
const CLUSTER_NETWORKS = { pods: '10.42.0.0/16', services: '10.43.0.0/16' };

/** AWS takes no VPC larger than /16; below /18 a zone's servers would have no addresses to choose from. */
const PREFIXES = { largest: 16, smallest: 18 };

/** A network of one's own is not split; below /28 a small cluster finds no place in it. */
const METAL_PREFIXES = { largest: 16, smallest: 28 };

export const siteExists: Rule = {
  id: 'site-exists',
  check: (env) => {
    const sites = Object.keys(env.sites);
    const placed = [
      { path: ['management', 'site'], site: env.management.site },
      ...Object.entries(raisedMembers(env)).map(([name, { site }]) => ({ path: ['clusters', name, 'site'], site })),
    ];
    return placed
      .filter(({ site }) => !sites.includes(site))
      .map(({ path, site }) => notAllowed(path, site, `must be one of the sites ${listed(sites)}`));
  },
};

export const siteCidrSize: Rule = {
  id: 'site-cidr-size',
  check: (env) =>
    Object.entries(env.sites).flatMap(([name, { cidr, platform }]) => {
      const { prefix } = parseCidr(cidr);
      const { largest, smallest } = platform === 'metal' ? METAL_PREFIXES : PREFIXES;
      return prefix >= largest && prefix <= smallest
        ? []
        : [notAllowed(['sites', name, 'cidr'], cidr, `must be /${largest} to /${smallest}`)];
    }),
};

export const siteCidrAligned: Rule = {
  id: 'site-cidr-aligned',
  check: (env) =>
    Object.entries(env.sites).flatMap(([name, { cidr }]) =>
      isAligned(cidr)
        ? []
        : [
            notAllowed(
              ['sites', name, 'cidr'],
              cidr,
              `must begin with its network address: ${formatCidr(parseCidr(cidr))}`,
            ),
          ],
    ),
};

export const siteCidrPrivate: Rule = {
  id: 'site-cidr-private',
  check: (env) =>
    Object.entries(env.sites).flatMap(([name, { cidr }]) =>
      PRIVATE_NETWORKS.some((network) => containsNetwork(parseCidr(network), parseCidr(cidr)))
        ? []
        : [notAllowed(['sites', name, 'cidr'], cidr, `must lie in ${PRIVATE_NETWORKS.join(', ')} (RFC 1918)`)],
    ),
};

export const siteCidrsApart: Rule = {
  id: 'site-cidrs-apart',
  check: (env) => {
    const sites = Object.entries(env.sites);
    return sites.flatMap(([name, { cidr }], index) =>
      sites
        .slice(0, index)
        .filter(([, other]) => overlaps(parseCidr(cidr), parseCidr(other.cidr)))
        .map(([otherName, other]) =>
          notAllowed(['sites', name, 'cidr'], cidr, `must not overlap ${other.cidr} of site "${otherName}"`),
        ),
    );
  },
};

export const siteCidrOffClusterNetworks: Rule = {
  id: 'site-cidr-off-cluster-networks',
  check: (env) =>
    Object.entries(env.sites).flatMap(([name, { cidr }]) =>
      Object.entries(CLUSTER_NETWORKS)
        .filter(([, network]) => overlaps(parseCidr(cidr), parseCidr(network)))
        .map(([what, network]) =>
          notAllowed(['sites', name, 'cidr'], cidr, `must not overlap ${network}, the network of ${what}`),
        ),
    ),
};

export const zonesDistinct: Rule = {
  id: 'zones-distinct',
  check: (env) =>
    Object.entries(env.sites).flatMap(([name, site]) =>
      zonesOf(site).flatMap((zone, index) =>
        zonesOf(site).indexOf(zone) === index
          ? []
          : [notAllowed(['sites', name, 'zones', index], zone, 'must be named once')],
      ),
    ),
};

function zonesOf(site: SiteSpec): readonly string[] {
  return site.platform === 'metal' ? [] : site.zones;
}
