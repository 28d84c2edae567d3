import { groupsIn, guestSites, isAutoscaled, isMixed, linkedSites, siteOfGroup } from '../guests';
import { raisedMembers } from '../lookup';
import { keyNotAllowed, notAllowed } from '../problem';
import type { Path, Problem } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import type { NodeGroupSpec } from '../spec/node-group';
import { listed, repeatedIndexes } from './rule';
import type { Rule } from './rule';

export const linkSitesExist: Rule = {
  id: 'link-sites-exist',
  check: ({ links, sites }) =>
    links.flatMap((link, index) =>
      link.sites.flatMap((site, end): Problem[] =>
        site in sites
          ? []
          : [
              notAllowed(
                ['links', index, 'sites', end],
                site,
                `must be one of the sites ${listed(Object.keys(sites))}`,
              ),
            ],
      ),
    ),
};

export const linkSitesDiffer: Rule = {
  id: 'link-sites-differ',
  check: ({ links }) =>
    links.flatMap(({ sites: [one, other] }, index) =>
      one === other
        ? [notAllowed(['links', index, 'sites', 1], other, 'must be another site: machines of one site need no link')]
        : [],
    ),
};

export const linksDistinct: Rule = {
  id: 'links-distinct',
  check: ({ links }) =>
    repeatedIndexes(links.map(({ sites }) => [...sites].sort().join(' '))).map((index) =>
      notAllowed(['links', index, 'sites'], links[index]?.sites, 'must be linked once, in either order'),
    ),
};

export const linkClustersExist: Rule = {
  id: 'link-clusters-exist',
  check: (env) => {
    const raised = Object.keys(raisedMembers(env));
    return env.links.flatMap(({ clusters = [] }, index) =>
      clusters.flatMap((cluster, at): Problem[] =>
        raised.includes(cluster)
          ? []
          : [
              notAllowed(
                ['links', index, 'clusters', at],
                cluster,
                `must be a member that Drover raises: ${listed(raised)}`,
              ),
            ],
      ),
    );
  },
};

/** A cluster has the hosts of several sites as nodes, which go by the names of the hosts alone. */
export const linkedHostsDistinct: Rule = {
  id: 'linked-hosts-distinct',
  check: (env) =>
    env.links.flatMap(({ sites: [one = '', other = ''] }) => {
      const known = hostsOf(env, one);
      return one === other
        ? []
        : hostsOf(env, other)
            .filter((host) => known.includes(host))
            .map((host) =>
              keyNotAllowed(
                ['sites', other, 'hosts', host],
                `must be another name: site "${one}", which is linked, has a host of this name`,
              ),
            );
    }),
};

export const groupSiteExists: Rule = {
  id: 'group-site-exists',
  check: (env) =>
    guestsOf(env)
      .filter(({ site }) => !(site in env.sites))
      .map(({ path, site }) =>
        notAllowed([...path, 'site'], site, `must be one of the sites ${listed(Object.keys(env.sites))}`),
      ),
};

/** Pods reach each other from node to node, so every two sites of a cluster need a route, also those of two guests. */
export const guestsLinked: Rule = {
  id: 'guests-linked',
  check: (env) =>
    guestsOf(env).flatMap(({ path, cluster, site, home, before }) =>
      [home, ...before]
        .filter((other) => site in env.sites && other in env.sites && !linkedSites(env, site, cluster).includes(other))
        .map((other) =>
          notAllowed(
            [...path, 'site'],
            site,
            `must be linked with site "${other}" of the same cluster: add {sites: [${other}, ${site}]} to "links" once there is a route`,
          ),
        ),
    ),
};

export const ingressAtHome: Rule = {
  id: 'ingress-at-home',
  check: (env) =>
    guestsOf(env)
      .filter(({ value }) => value.role === 'ingress')
      .map(({ path, value, home }) =>
        notAllowed(
          [...path, 'role'],
          value.role,
          `must be "worker": web traffic enters a cluster at its own site "${home}", where its load balancer is`,
        ),
      ),
};

export const guestSizeFixed: Rule = {
  id: 'guest-size-fixed',
  check: (env) => [
    ...guestsOf(env).flatMap(({ path, value, home }) =>
      sizeFixed(path, value, `the autoscaler sees the groups of site "${home}" alone`),
    ),
    ...Object.entries(raisedMembers(env)).flatMap(([name, cluster]) =>
      isAutoscaled(env, cluster)
        ? []
        : Object.entries(groupsIn(cluster, cluster.site)).flatMap(([group, value]) =>
            sizeFixed(
              ['clusters', name, 'nodeGroups', group],
              value,
              'the autoscaler for Azure stops at nodes of another platform, which the cluster has',
            ),
          ),
    ),
  ],
};

export const storageUnmixed: Rule = {
  id: 'storage-unmixed',
  check: (env) =>
    Object.entries(raisedMembers(env)).flatMap(([name, cluster]) =>
      cluster.storage === undefined || !isMixed(cluster)
        ? []
        : [
            {
              path: ['clusters', name, 'storage'],
              text: `must be left out: each write would go through the link to site ${listed(guestSites(cluster))}, where node groups of the cluster stand`,
            },
          ],
    ),
};

/** A node group on another site than its cluster. */
interface Guest {
  readonly path: Path;
  readonly cluster: string;
  readonly value: NodeGroupSpec;
  readonly site: string;
  /** The site of the cluster. */
  readonly home: string;
  /** Sites of guests of the same cluster that were named before this one. */
  readonly before: readonly string[];
}

function guestsOf(env: EnvironmentSpec): Guest[] {
  return Object.entries(raisedMembers(env)).flatMap(([name, cluster]) => {
    const sites = guestSites(cluster);
    return Object.entries(cluster.nodeGroups).flatMap(([group, value]): Guest[] => {
      const site = siteOfGroup(cluster, value);
      const path = ['clusters', name, 'nodeGroups', group];
      return site === cluster.site
        ? []
        : [{ path, cluster: name, value, site, home: cluster.site, before: sites.slice(0, sites.indexOf(site)) }];
    });
  });
}

function hostsOf(env: EnvironmentSpec, siteName: string): string[] {
  const site = env.sites[siteName];
  return site?.platform === 'metal' ? Object.keys(site.hosts) : [];
}

function sizeFixed(path: Path, group: NodeGroupSpec, why: string): Problem[] {
  return 'hosts' in group || group.maxSize === group.minSize
    ? []
    : [notAllowed([...path, 'maxSize'], group.maxSize, `must be minSize (${group.minSize}): ${why}`)];
}
