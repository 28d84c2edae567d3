import { containsAddress, parseAddress, parseCidr } from '../cidr';
import { notAllowed } from '../problem';
import type { Path, Problem } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import type { MetalSiteSpec } from '../spec/site';
import { keepalivedPairs } from './keepalived';
import { listed, metalMachinesOf, metalSites, nodeGroupsOf, repeatedIndexes, serversOf, storageOf } from './rule';
import type { Rule } from './rule';

export const hostAddressInNetwork: Rule = {
  id: 'host-address-in-network',
  check: (env) =>
    metalSites(env).flatMap(([name, site]) =>
      Object.entries(site.hosts)
        .filter(([, { address }]) => !containsAddress(parseCidr(site.cidr), parseAddress(address)))
        .map(([host, { address }]) =>
          notAllowed(
            ['sites', name, 'hosts', host, 'address'],
            address,
            `must lie in ${site.cidr}, the site's network`,
          ),
        ),
    ),
};

/** @see https://github.com/hashicorp/terraform/pull/38318 */
export const hostKeyOfBastion: Rule = {
  id: 'host-key-of-bastion',
  check: (env) =>
    metalSites(env).flatMap(
      ([
        name,
        {
          hosts,
          ssh: { bastion },
        },
      ]) =>
        Object.entries(hosts).flatMap(([host, { hostKey }]) =>
          bastion === undefined || sameKey(hostKey, bastion.hostKey)
            ? []
            : [
                notAllowed(
                  ['sites', name, 'hosts', host, 'hostKey'],
                  hostKey,
                  "must be the bastion's too: Terraform 1.11 knows one key for both; let one SSH certificate authority sign the keys of all, and give its public key",
                ),
              ],
        ),
    ),
};

/** Whether two public keys are one, whatever was noted behind them. */
function sameKey(one: string, other: string): boolean {
  const [first, second] = [one, other].map((key) => key.split(' ').slice(0, 2).join(' '));
  return first === second;
}

export const hostAddressesDistinct: Rule = {
  id: 'host-addresses-distinct',
  check: (env) =>
    metalSites(env).flatMap(([name, { hosts }]) => {
      const all = Object.entries(hosts);
      return repeatedIndexes(all.map(([, { address }]) => address)).map((index) => {
        const [host = '', spec] = all[index] ?? [];
        const [first = ''] = all.find(([, { address }]) => address === spec?.address) ?? [];
        return notAllowed(
          ['sites', name, 'hosts', host, 'address'],
          spec?.address,
          `must be its own: host "${first}" has it too`,
        );
      });
    }),
};

export const serverHostsOdd: Rule = {
  id: 'server-hosts-odd',
  check: (env) =>
    serversOf(env).flatMap(({ path, value }) =>
      'hosts' in value && value.hosts.length % 2 === 0
        ? [notAllowed([...path, 'hosts'], value.hosts, 'must be an odd number of hosts: etcd needs a majority')]
        : [],
    ),
};

export const hostExists: Rule = {
  id: 'host-exists',
  check: (env) =>
    usesOf(env).flatMap(({ path, host, site }) =>
      host in site.hosts
        ? []
        : [notAllowed(path, host, `must be a host of its site: ${listed(Object.keys(site.hosts))}`)],
    ),
};

export const hostInOnePlace: Rule = {
  id: 'host-in-one-place',
  check: (env) => {
    const owners = new Map<string, string>();
    return usesOf(env).flatMap(({ path, host, siteName }): Problem[] => {
      const key = `${siteName} ${host}`;
      const owner = owners.get(key);
      if (owner !== undefined) return [notAllowed(path, host, `must be named in one place: it is in ${owner} already`)];
      owners.set(key, path.slice(0, -1).join('.'));
      return [];
    });
  },
};

export const serverHasDataDisk: Rule = {
  id: 'server-has-data-disk',
  check: (env) =>
    serversOf(env).flatMap(({ path, value, site: siteName }) => {
      const site = env.sites[siteName];
      if (!('hosts' in value) || site?.platform !== 'metal') return [];
      return value.hosts.flatMap((host, index) => {
        const spec = site.hosts[host];
        return spec === undefined || spec.disks.data !== undefined
          ? []
          : [
              notAllowed(
                [...path, 'hosts', index],
                host,
                `must have a disk for data: set "sites.${siteName}.hosts.${host}.disks.data"`,
              ),
            ];
      });
    }),
};

export const leavingUnused: Rule = {
  id: 'leaving-unused',
  check: (env) =>
    metalSites(env).flatMap(([name, { leaving, hosts }]) =>
      leaving.flatMap((host, index): Problem[] => {
        const path = ['sites', name, 'leaving', index];
        if (!(host in hosts)) {
          return [
            notAllowed(path, host, `must be a host of the site until it has left: ${listed(Object.keys(hosts))}`),
          ];
        }
        const use = usesOf(env).find((it) => it.siteName === name && it.host === host);
        return use === undefined
          ? []
          : [notAllowed(path, host, `must be in no cluster: take it out of ${use.path.slice(0, -1).join('.')}`)];
      }),
    ),
};

/** A host in the data of a cluster, or of a machine that is in none. */
interface Use {
  readonly path: Path;
  readonly host: string;
  readonly siteName: string;
  readonly site: MetalSiteSpec;
}

/** Every host that is named: servers, groups, load balancers, storage nodes, machines that are in no cluster. */
function usesOf(env: EnvironmentSpec): Use[] {
  const inClusters = [...serversOf(env), ...nodeGroupsOf(env), ...keepalivedPairs(env), ...storageOf(env)].flatMap(
    ({ path, value, site: siteName }) => {
      const site = env.sites[siteName];
      if (!('hosts' in value) || site?.platform !== 'metal') return [];
      return value.hosts.map((host, index) => ({ path: [...path, 'hosts', index], host, siteName, site }));
    },
  );
  const alone = metalMachinesOf(env).flatMap(({ path, value: { host }, site: siteName }) => {
    const site = env.sites[siteName];
    return site?.platform === 'metal' ? [{ path: [...path, 'host'], host, siteName, site }] : [];
  });
  return [...inClusters, ...alone];
}
