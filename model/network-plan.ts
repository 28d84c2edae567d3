import { createHash } from 'node:crypto';
import { formatAddress, formatCidr, parseCidr, sizeOf, subnetOf } from './cidr';
import type { Cidr } from './cidr';
import { noStorage, noStorageHost, noSuchMachine, noSuchServer, tooFewZones } from './errors';
import { cloudGluster, cloudServers, cloudSiteOf, clusterOf, metalSiteOf, serverKeys } from './lookup';
import type { EnvironmentSpec } from './spec/environment';
import type { CloudSiteSpec, SiteSpec } from './spec/site';
import type { CloudMachineSpec } from './spec/site-machine';
import type { GlusterSpec } from './spec/storage';
import { glusterOf, STORAGE_NODES, type StorageNodeKey } from './storage';

/** The subnets of one availability zone, in CIDR form. */
export interface ZoneSubnets {
  /** Workers and internal load balancers: an eighth of the site. */
  readonly private: string;
  /** NAT gateways and public load balancers: a 256th of the site. */
  readonly public: string;
  /** Servers, storage nodes and machines of the site, whose addresses are fixed: a 256th of the site. */
  readonly servers: string;
}

/** Zones that servers are spread over. More would not help: etcd outlives the loss of one of three. */
const SERVER_ZONES = 3;

const FIRST_PUBLIC = 224;
const FIRST_SERVERS = 240;

/** The last 256th, which no zone takes. Of a /18 that is a /26, and Azure takes no smaller one for its Bastion. */
const BASTION = 255;

/**
 * AWS and Azure keep the first four addresses and the last one of a subnet; six more are left to what is not a server.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 * @see https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
 */
const SKIPPED_FIRST = 4 + 6;
const SKIPPED_LAST = 1;

/**
 * Subnets by zone. A zone's place follows from its letter or number alone, so that a further zone moves nothing:
 * of a /16, the privates are the first six /19, the publics are /24 from .224, the servers are /24 from .240.
 */
export function planSubnets(site: Pick<CloudSiteSpec, 'cidr' | 'zones'>): Record<string, ZoneSubnets> {
  return Object.fromEntries(site.zones.map((zone) => [zone, subnetsOfZone(site, zone)]));
}

/**
 * Subnet of Azure Bastion in CIDR form, a 256th of the site; none where people have no such way in.
 * @see https://learn.microsoft.com/azure/bastion/configuration-settings#subnet
 */
export function bastionSubnet(site: SiteSpec): string | undefined {
  if (site.platform !== 'azure' || !site.bastion) return undefined;
  return formatCidr(subnetOf(parseCidr(site.cidr), 8, BASTION));
}

/**
 * Zone of a server: s1 in the first zone of the site, s2 in the second, s3 in the third, s4 in the first
 * again; of a storage node likewise, g1 in the first. Zones after the third take neither, so that appending one moves no
 * etcd member and no brick.
 */
export function serverZone(site: Pick<CloudSiteSpec, 'zones'>, server: string): string {
  const zone = site.zones[(serverNumber(server) - 1) % SERVER_ZONES];
  if (zone === undefined) throw tooFewZones(site.zones, SERVER_ZONES);
  return zone;
}

/**
 * Fixed private address of a server of a cloud: `addresses` if it says one, else derived from the cluster's and server's
 * name alone. The address is the server's identity in etcd, so nothing else may move it.
 * @param cluster a member, or 'management'
 * @param server 's1' to 's7'
 */
export function serverAddress(env: EnvironmentSpec, cluster: string, server: string): string {
  const servers = cloudServers(clusterOf(env, cluster).servers);
  if (!serverKeys(servers).includes(server)) throw noSuchServer(server, cluster, servers.count);
  return servers.addresses[server] ?? derivedAddress(env, cluster, server);
}

/**
 * Fixed private address of a storage node, found like a server's and beside them: the address is what peers and clients
 * know it by.
 * @param node 'g1' to 'g3'
 */
export function storageAddress(env: EnvironmentSpec, cluster: string, node: StorageNodeKey): string {
  return cloudGluster(storageOf(env, cluster)).addresses[node] ?? derivedAddress(env, cluster, node);
}

/** Addresses of all storage nodes of a cluster, in their order, by which peers and clients know them. */
export function storageAddresses(env: EnvironmentSpec, cluster: string): string[] {
  const gluster = storageOf(env, cluster);
  if (!('hosts' in gluster)) return STORAGE_NODES.map((node) => storageAddress(env, cluster, node));
  const { site } = clusterOf(env, cluster);
  const { hosts } = metalSiteOf(env, site);
  return gluster.hosts.map((host) => {
    const address = hosts[host]?.address;
    if (address === undefined) throw noStorageHost(host, cluster, site);
    return address;
  });
}

/** Zone of a machine of a site: what it says, else the first. */
export function machineZone(site: Pick<CloudSiteSpec, 'zones'>, { zone }: Pick<CloudMachineSpec, 'zone'>): string {
  const [first] = site.zones;
  if (first === undefined) throw tooFewZones(site.zones, 1);
  return zone ?? first;
}

/** Servers' subnet of the zone that a machine of a site stands in, in CIDR form. */
export function machineSubnet(site: Pick<CloudSiteSpec, 'cidr' | 'zones'>, machine: CloudMachineSpec): string {
  return subnetsOfZone(site, machineZone(site, machine)).servers;
}

/** Fixed private address of a machine of a site of a cloud, found like a server's and beside them. */
export function machineAddress(env: EnvironmentSpec, siteName: string, name: string): string {
  const site = cloudSiteOf(env, siteName);
  const machine = site.machines[name];
  if (machine === undefined) throw noSuchMachine(name, siteName, Object.keys(site.machines));
  // No cluster has an empty name: what is derived for machines is derived for nobody else.
  return machine.address ?? addressIn(machineSubnet(site, machine), `/${name}`);
}

/** Servers' subnet of the zone that a server or a storage node stands in, in CIDR form. */
export function serverSubnet(env: EnvironmentSpec, cluster: string, server: string): string {
  const site = cloudSiteOf(env, clusterOf(env, cluster).site);
  return subnetsOfZone(site, serverZone(site, server)).servers;
}

/** Whether a server may have the address at all: neither kept by the platform nor by us, nor the last. */
export function isServerSlot(subnet: Cidr, address: number): boolean {
  return address >= subnet.base + SKIPPED_FIRST && address < subnet.base + sizeOf(subnet) - SKIPPED_LAST;
}

function storageOf(env: EnvironmentSpec, cluster: string): GlusterSpec {
  const gluster = glusterOf(env, cluster);
  if (gluster === undefined) throw noStorage(cluster);
  return gluster;
}

function derivedAddress(env: EnvironmentSpec, cluster: string, server: string): string {
  return addressIn(serverSubnet(env, cluster, server), `${cluster}/${server}`);
}

function addressIn(cidr: string, identity: string): string {
  const subnet = parseCidr(cidr);
  const slots = sizeOf(subnet) - SKIPPED_FIRST - SKIPPED_LAST;
  const hash = createHash('sha256').update(identity).digest().readUInt32BE(0);
  return formatAddress(subnet.base + SKIPPED_FIRST + (hash % slots));
}

function subnetsOfZone(site: Pick<CloudSiteSpec, 'cidr'>, zone: string): ZoneSubnets {
  const network = parseCidr(site.cidr);
  const index = zoneIndex(zone);
  return {
    private: formatCidr(subnetOf(network, 3, index)),
    public: formatCidr(subnetOf(network, 8, FIRST_PUBLIC + index)),
    servers: formatCidr(subnetOf(network, 8, FIRST_SERVERS + index)),
  };
}

/** 'a' and '1' are the first. */
function zoneIndex(zone: string): number {
  return /^\d$/.test(zone) ? Number(zone) - 1 : zone.charCodeAt(0) - 'a'.charCodeAt(0);
}

function serverNumber(server: string): number {
  return Number(server.slice(1));
}
