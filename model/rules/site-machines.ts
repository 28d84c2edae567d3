import { containsAddress, formatCidr, isAligned, parseAddress, parseCidr } from '../cidr';
import { cloudSiteOf, serverKeys } from '../lookup';
import {
  isServerSlot,
  machineAddress,
  machineSubnet,
  machineZone,
  serverAddress,
  storageAddress,
} from '../network-plan';
import { notAllowed } from '../problem';
import type { Path, Problem } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import type { CloudMachineSpec } from '../spec/site-machine';
import { glusterOf, STORAGE_NODES } from '../storage';
import { cloudMachinesOf, listed, metalMachinesOf, onPlatform, repeatedIndexes, siteMachinesOf } from './rule';
import type { PlacedMachine, Rule } from './rule';
import { plannedServers } from './servers';
import { siteCidrSize } from './sites';

const SSH_PORT = 22;

/**
 * Rules of a security group, less what ten Zabbix servers take.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
 */
const MOST_NETWORKS = 60 - 10;

export const machineZoneOfSite: Rule = {
  id: 'machine-zone-of-site',
  check: (env) =>
    cloudMachinesOf(env).flatMap(({ path, value: { zone }, site }) => {
      const { zones } = cloudSiteOf(env, site);
      return zone === undefined || zones.includes(zone)
        ? []
        : [notAllowed([...path, 'zone'], zone, `must be one of the zones of its site: ${listed(zones)}`)];
    }),
};

export const machineAddressInSubnet: Rule = {
  id: 'machine-address-in-subnet',
  check: (env) =>
    plannedMachines(env).flatMap(({ path, value, site }): Problem[] => {
      if (value.address === undefined) return [];
      const place = cloudSiteOf(env, site);
      const subnet = machineSubnet(place, value);
      const [network, number] = [parseCidr(subnet), parseAddress(value.address)];
      if (containsAddress(network, number) && isServerSlot(network, number)) return [];
      return [
        notAllowed(
          [...path, 'address'],
          value.address,
          `must lie in ${subnet}, the servers of zone ${machineZone(place, value)}, and be neither among its first ten addresses nor its last`,
        ),
      ];
    }),
};

export const machineAddressesDistinct: Rule = {
  id: 'machine-addresses-distinct',
  check: (env) => {
    const owners = addressesOfNodes(env);
    return plannedMachines(env).flatMap(({ path, site, name }): Problem[] => {
      const address = machineAddress(env, site, name);
      const key = `${site} ${address}`;
      const owner = owners.get(key);
      owners.set(key, owner ?? `machine "${name}"`);
      const at = [...path, 'address'];
      return owner === undefined
        ? []
        : [notAllowed(at, address, `is the address of ${owner} too: set "${at.join('.')}" to a free one`)];
    });
  },
};

export const machineHasDataDisk: Rule = {
  id: 'machine-has-data-disk',
  check: (env) =>
    metalMachinesOf(env).flatMap(({ path, value: { host, dataDisk }, site: siteName }): Problem[] => {
      const site = env.sites[siteName];
      const spec = site?.platform === 'metal' ? site.hosts[host] : undefined;
      return dataDisk === undefined || spec === undefined || spec.disks.data !== undefined
        ? []
        : [
            notAllowed(
              [...path, 'host'],
              host,
              `must have a disk for data: set "sites.${siteName}.hosts.${host}.disks.data"`,
            ),
          ];
    }),
};

export const machinePortsDistinct: Rule = {
  id: 'machine-ports-distinct',
  check: (env) =>
    siteMachinesOf(env).flatMap(({ path, value: { open } }) =>
      repeatedIndexes(open.map(({ port, protocol }) => `${protocol} ${port}`)).map((index) =>
        notAllowed(
          [...path, 'open', index, 'port'],
          open[index]?.port,
          'must be opened once: put its networks together',
        ),
      ),
    ),
};

export const machineNetworksDistinct: Rule = {
  id: 'machine-networks-distinct',
  check: (env) =>
    siteMachinesOf(env).flatMap(({ path, value: { open } }) =>
      open.flatMap(({ cidrs }, index) =>
        repeatedIndexes(cidrs).map((at) =>
          notAllowed([...path, 'open', index, 'cidrs', at], cidrs[at], 'must be named once'),
        ),
      ),
    ),
};

export const machineNetworksAligned: Rule = {
  id: 'machine-networks-aligned',
  check: (env) =>
    networksOf(env)
      .filter(({ cidr }) => !isAligned(cidr))
      .map(({ path, cidr }) =>
        notAllowed(path, cidr, `must begin with its network address: ${formatCidr(parseCidr(cidr))}`),
      ),
};

export const machineNetworksWithinLimit: Rule = {
  id: 'machine-networks-within-limit',
  check: (env) =>
    onPlatform(env, 'aws', cloudMachinesOf(env)).flatMap(({ path, value: { open } }): Problem[] => {
      const count = open.reduce((sum, { cidrs }) => sum + cidrs.length, 0);
      return count <= MOST_NETWORKS
        ? []
        : [
            {
              path: [...path, 'open'],
              text: `has ${count} networks, at most ${MOST_NETWORKS} are allowed: each is a rule of a security group, which has 60; join neighbouring networks into larger ones`,
            },
          ];
    }),
};

export const machineSshOfYours: Rule = {
  id: 'machine-ssh-of-yours',
  check: (env) =>
    networksOf(env)
      .filter(({ ssh, cidr }) => ssh && parseCidr(cidr).prefix === 0)
      .map(({ path, cidr }) => notAllowed(path, cidr, 'must be a network of yours: SSH is never open to the world')),
};

/** Machines whose addresses can be told: a site of a wrong size and a strange zone are other rules' complaints. */
function plannedMachines(env: EnvironmentSpec): PlacedMachine<CloudMachineSpec>[] {
  if (siteCidrSize.check(env).length > 0 || machineZoneOfSite.check(env).length > 0) return [];
  return cloudMachinesOf(env);
}

/** Who has which address of a site already. */
function addressesOfNodes(env: EnvironmentSpec): Map<string, string> {
  const owners = new Map<string, string>();
  for (const { value, cluster, site } of plannedServers(env)) {
    for (const server of serverKeys(value)) {
      owners.set(`${site} ${serverAddress(env, cluster, server)}`, `server "${server}" of "${cluster}"`);
    }
    const gluster = glusterOf(env, cluster);
    if (gluster === undefined || 'hosts' in gluster) continue; // hosts on a cloud are another rule's complaint
    for (const node of STORAGE_NODES) {
      owners.set(`${site} ${storageAddress(env, cluster, node)}`, `storage node "${node}" of "${cluster}"`);
    }
  }
  return owners;
}

/** Every network that may reach a machine, and whether it may use SSH. */
function networksOf(env: EnvironmentSpec): { path: Path; cidr: string; ssh: boolean }[] {
  return siteMachinesOf(env).flatMap(({ path, value: { open }, site }) => {
    const place = env.sites[site];
    const sshPort = place?.platform === 'metal' ? place.ssh.port : SSH_PORT;
    return open.flatMap(({ port, protocol, cidrs }, index) =>
      cidrs.map((cidr, at) => ({
        path: [...path, 'open', index, 'cidrs', at],
        cidr,
        ssh: protocol === 'tcp' && (port === SSH_PORT || port === sshPort),
      })),
    );
  });
}
