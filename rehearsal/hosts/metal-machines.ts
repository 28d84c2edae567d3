import { z } from 'zod';
import type { EnvironmentSpec } from '../../model/spec/environment';
import type { HostSpec } from '../../model/spec/host';
import type { MetalSiteSpec } from '../../model/spec/site';
import { groupsIn } from '../../model/guests';
import { keepalivedOf } from '../../model/nginx';
import { clusterNames, clusterOf, metalGluster, metalGroup, metalServers, vaultOf } from '../../model/lookup';
import { glusterOf } from '../../model/storage';
import type { SynthesizedStack } from '../synthesized';
import type { Precondition } from '../world';
import { addressOfSwitch } from './errors';

const SITE = 'metal_site';
/** All objects of data centres: no cloud owns them. */
const SCOPE = 'metal';
/** Size of a data disk; a file of the lab that takes only what is written to it. */
const DISK_GIB = 20;

/** What a machine is in its cluster, as its lab's tags say it. */
type Part = Readonly<Record<'drover:cluster' | 'drover:node' | 'drover:role', string>>;

/**
 * What stands in the data centres of an environment before anything is deployed: machines with their disks, and a Vault. The lab makes it real (rehearsal/lab/reconcile/standing.go).
 */
export function standingMachines(environment: EnvironmentSpec): Precondition[] {
  return Object.entries(environment.sites).flatMap(([siteName, site]) => {
    if (site.platform !== 'metal') return [];
    const parts = partsOf(environment, siteName);
    return [
      dataCentre(environment, siteName, site),
      ...Object.entries(site.hosts).map(([name, spec]) => machine(siteName, site, name, spec, parts[name])),
    ];
  });
}

const namesOutput = z.looseObject({
  output: z.looseObject({ names: z.looseObject({ value: z.record(z.string(), z.string()) }) }),
});

/** The same, with the names that the stacks say there must be, as people would have written them. */
export function withNames(
  standing: readonly Precondition[],
  stacks: readonly Pick<SynthesizedStack, 'content'>[],
): Precondition[] {
  const names = Object.fromEntries(
    stacks.flatMap(({ content }) => Object.entries(namesOutput.safeParse(content).data?.output.names.value ?? {})),
  );
  return standing.map((it) => (it.type === SITE ? { ...it, attrs: { ...it.attrs, names } } : it));
}

function dataCentre(environment: EnvironmentSpec, siteName: string, { region, cidr }: MetalSiteSpec): Precondition {
  const { address } = vaultOf(environment, siteName);
  return object(SITE, siteName, { name: siteName, region, cidr, vault: address });
}

function machine(
  siteName: string,
  { region, cidr, ssh }: MetalSiteSpec,
  name: string,
  { address, rack, disks }: HostSpec,
  part: Part | undefined,
): Precondition {
  // The lab's switch takes a router's place: the first address.
  if (address === firstAddress(cidr)) throw addressOfSwitch(name, address);
  const id = `metal-${siteName}-${name}`;
  return object('metal_machine', id, {
    ...{ name, address, cidr, region },
    ...(rack === undefined ? {} : { rack }),
    ...{ login: ssh.user, port: ssh.port },
    tags: part ?? {},
    disks: Object.entries(disks).flatMap(([use, disk]) =>
      disk === undefined ? [] : [{ id: `vol-${id}-${use}`, size: DISK_GIB, ...diskName(disk) }],
    ),
  });
}

/** How udev is to name a disk, so that the environment's own name finds it. */
function diskName(disk: string): { serial: string } | { link: string } {
  const [kind, ...rest] = disk.split(':');
  const value = rest.join(':');
  return kind === 'serial' ? { serial: value } : { link: value.replace(/^\/dev\/disk\//, '') };
}

/** The part of each host of a site that is in a cluster; the home of its cluster may be another site. */
function partsOf(environment: EnvironmentSpec, siteName: string): Record<string, Part> {
  const parts = clusterNames(environment).flatMap((cluster) => {
    const spec = clusterOf(environment, cluster);
    const groups = 'nodeGroups' in spec ? Object.values(groupsIn(spec, siteName)) : [];
    const workers = groups.flatMap((group) => metalGroup(group).hosts);
    const hosts = { ...(spec.site === siteName ? hostsAtHome(environment, cluster) : {}), worker: workers };
    return Object.entries(hosts).flatMap(([role, names]) =>
      names.map((host) => [host, { 'drover:cluster': cluster, 'drover:node': host, 'drover:role': role }] as const),
    );
  });
  return Object.fromEntries(parts);
}

/** Hosts that a cluster has nowhere but at its home, by their role. */
function hostsAtHome(environment: EnvironmentSpec, cluster: string): Record<string, readonly string[]> {
  const gluster = glusterOf(environment, cluster);
  return {
    server: metalServers(clusterOf(environment, cluster).servers).hosts,
    nginx: keepalivedOf(environment, cluster)?.hosts ?? [],
    storage: gluster === undefined ? [] : metalGluster(gluster).hosts,
  };
}

function firstAddress(cidr: string): string {
  const [base = ''] = cidr.split('/');
  return base.replace(/\d+$/, (last) => String(Number(last) + 1));
}

function object(type: string, id: string, attrs: Precondition['attrs']): Precondition {
  return { type, id, scope: SCOPE, attrs: { id, ...attrs }, secrets: {} };
}
