import { z } from 'zod';
import { MANAGEMENT } from '../../../model/lookup';
import type { Machine } from '../machine';
import { nothingToStrike } from './errors';

/** A scaling group as the lab tells of it. */
export const groupShape = z.object({
  name: z.string(),
  min: z.number(),
  desired: z.number(),
  max: z.number(),
  instances: z
    .array(z.object({ id: z.string(), lifecycle: z.string(), health: z.string(), address: z.string().default('') }))
    .nullish()
    .transform((it) => it ?? []),
});
export type Group = z.output<typeof groupShape>;

/** What a machine of a data centre is in its cluster; empty for one of a cloud. */
export const roleOf = (machine: Machine): string => machine.tags?.['drover:role'] ?? '';

/** Whether a machine is a node of its cluster: one that only leads to it is not. */
export const isNode = (machine: Machine): boolean => roleOf(machine) !== 'nginx';

export const clusterOf = (machine: Machine): string => machine.tags?.['drover:cluster'] ?? '';
const keyOf = (machine: Machine): string => machine.tags?.['drover:node'] ?? '';

const isServer = (it: Machine): boolean => it.group === '' && ['', 'server'].includes(roleOf(it));

/** Whether it is on its way out: nothing is expected of it any more. */
export const isLeaving = ({ lifecycle }: Machine): boolean => lifecycle.startsWith('Terminat');

/** The machines of an environment by what they are for. They are found by their tags, never by their names. */
export class Fleet {
  /** All that are not gone. */
  public readonly machines: readonly Machine[];

  public constructor(machines: readonly Machine[]) {
    this.machines = machines.filter((it) => it.state !== 'terminated');
  }

  public get clusters(): string[] {
    return [...new Set(this.machines.map(clusterOf))].sort();
  }

  /** Servers of a cluster in the order of their keys: the first is the one that may begin the cluster. */
  public servers(cluster: string): Machine[] {
    const servers = this.machines.filter((it) => clusterOf(it) === cluster && isServer(it));
    return servers.sort((a, b) => keyOf(a).localeCompare(keyOf(b), 'en', { numeric: true }));
  }

  public workers(): Machine[] {
    const workers = this.machines.filter(
      (it) => (it.group !== '' && it.lifecycle === 'InService') || roleOf(it) === 'worker',
    );
    return workers.sort((a, b) => `${a.group} ${a.id}`.localeCompare(`${b.group} ${b.id}`));
  }

  /** The hosts that have the virtual address of the management cluster among them. */
  public get gates(): Machine[] {
    const gates = this.machines.filter((it) => clusterOf(it) === MANAGEMENT && roleOf(it) === 'nginx');
    if (gates.length < 2) throw nothingToStrike('pair of hosts with a virtual address');
    return gates;
  }

  public find(id: string): Machine | undefined {
    return this.machines.find((it) => it.id === id);
  }

  /** The server that may begin the management cluster. */
  public get firstServer(): Machine {
    const [first] = this.servers(MANAGEMENT);
    if (first === undefined) throw nothingToStrike('management server');
    return first;
  }

  /** A management server that only ever joins. */
  public get otherServer(): Machine {
    const other = this.servers(MANAGEMENT).slice(1).at(-1);
    if (other === undefined) throw nothingToStrike('second management server');
    return other;
  }

  public get worker(): Machine {
    const worker = this.workers().at(-1);
    if (worker === undefined) throw nothingToStrike('worker of a scaling group');
    return worker;
  }
}
