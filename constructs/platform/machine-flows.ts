import { containsAddress, overlaps, parseAddress, parseCidr } from '../../model/cidr';
import type { Environment } from '../../model/environment';
import { cloudSiteOf, siteOf } from '../../model/lookup';
import { bastionSubnet, machineAddress } from '../../model/network-plan';
import type { OpenSpec } from '../../model/spec/site-machine';
import { bastionFlows } from './bastion-flows';
import { flows, type Flow, type Role } from './flows';

/** Traffic of one machine of a site, with addresses in place of parts: it plays none in a cluster. */
export interface MachineFlow extends Pick<Flow, 'protocol' | 'ports' | 'why'> {
  /** Unique among the flows of a direction, and stable. */
  readonly id: string;
  /** The other side, never empty. */
  readonly cidrs: readonly string[];
}

/** A port of a machine of a cloud, as others of its site reach it. */
interface OpenPort extends Pick<OpenSpec, 'port' | 'protocol' | 'cidrs'> {
  readonly machine: string;
  readonly address: string;
}

const WORLD = '0.0.0.0/0';

/** What a machine lets in: what the environment opens, the Zabbix that watches it, and people by the bastion. */
export function flowsIn(environment: Environment, siteName: string, name: string): MachineFlow[] {
  const open = siteOf(environment, siteName).machines[name]?.open ?? [];
  const opened = open.map(({ port, protocol, cidrs }) => ({
    ...single(port, protocol),
    id: `${protocol}-${port}`,
    cidrs,
    why: 'opened by the environment',
  }));
  return [
    ...opened,
    ...asAnyMachine(environment, ({ from }) => from.includes('monitors'), 'monitors'),
    ...fromBastion(environment, siteName),
  ];
}

/** What a machine of a cloud opens: what any machine may, and the ports of others of its site that let it in. */
export function flowsOut(environment: Environment, siteName: string, name: string): MachineFlow[] {
  const own = machineAddress(environment, siteName, name);
  const others = openPorts(environment, siteName).filter(
    ({ machine, cidrs }) =>
      machine !== name && cidrs.some((cidr) => containsAddress(parseCidr(cidr), parseAddress(own))),
  );
  return [
    ...asAnyMachine(environment, ({ to }) => to.includes('world'), 'world'),
    ...asAnyMachine(environment, ({ to }) => to.includes('monitors'), 'monitors'),
    ...others.map(toMachine),
  ];
}

/** What workers of a site of a cloud open to its machines, where these let nodes in. */
export function flowsToMachines(environment: Environment, siteName: string): MachineFlow[] {
  const { cidr } = siteOf(environment, siteName);
  return openPorts(environment, siteName)
    .filter(({ cidrs }) => cidrs.some((open) => overlaps(parseCidr(open), parseCidr(cidr))))
    .map(toMachine);
}

function openPorts(environment: Environment, siteName: string): OpenPort[] {
  return Object.entries(cloudSiteOf(environment, siteName).machines).flatMap(([machine, { open }]) =>
    open.map((it) => ({ ...it, machine, address: machineAddress(environment, siteName, machine) })),
  );
}

function toMachine({ machine, address, port, protocol }: OpenPort): MachineFlow {
  return {
    ...single(port, protocol),
    id: `machine-${machine}-${protocol}-${port}`,
    cidrs: [`${address}/32`],
    why: `machine ${machine} of the site`,
  };
}

/** The flows of every cluster's machines that a machine of a site has as well. */
function asAnyMachine(environment: Environment, isOne: (flow: Flow) => boolean, peer: Role): MachineFlow[] {
  const cidrs = peer === 'world' ? [WORLD] : (environment.zabbix?.server ?? []).map((address) => `${address}/32`);
  if (cidrs.length === 0) return [];
  return flows.filter(isOne).map((flow) => asMachineFlow(flow, cidrs));
}

/** The flows of people to every cluster's machines that a machine of a site has as well. */
function fromBastion(environment: Environment, siteName: string): MachineFlow[] {
  const cidr = bastionSubnet(siteOf(environment, siteName));
  if (cidr === undefined) return [];
  return bastionFlows.map((flow) => asMachineFlow(flow, [cidr]));
}

function asMachineFlow({ name, protocol, ports, why }: Flow, cidrs: readonly string[]): MachineFlow {
  return { id: name, protocol, ports, why, cidrs };
}

function single(port: number, protocol: Flow['protocol']): Pick<MachineFlow, 'protocol' | 'ports'> {
  return { protocol, ports: [port, port] };
}
