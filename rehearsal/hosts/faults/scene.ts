import type { Interruption } from '../../interruption';
import { nodesOf, type Node } from './cluster';
import { faultInterrupted, noOperator, notInTime } from './errors';
import { clusterOf, type Fleet } from './fleet';
import type { Machine } from '../machine';
import type { LabApi } from './lab-client';
import type { Operator } from './operator';

/** A look takes processor time from the machines that it looks at: at most this part of the time is spent on looking. */
const LOOKS_TAKE_ONE_IN = 5;

/** Undoes something. It gets a lab that answers even after a person has interrupted. */
export type Undo = (lab: LabApi) => Promise<unknown>;

/** What a fault works with. */
export interface SceneOptions {
  readonly lab: LabApi;
  /** The machines before anything was done. */
  readonly fleet: Fleet;
  readonly boundSec: number;
  readonly interruption: Interruption;
  readonly say: (line: string) => void;
  /** Who deploys and forgets. @default - nobody */
  readonly operator?: Operator;
  /** Least pause between two looks, in milliseconds. @default 1000 */
  readonly pollMs?: number;
}

/** Where one fault is played: machines, a clock, and a list of what must be undone. */
export class Scene {
  public readonly lab: LabApi;
  public readonly fleet: Fleet;
  /** Seconds from the first harm to what was seen on the way, in the order of its coming. */
  public readonly marks: Record<string, number> = {};
  private readonly undoes: { readonly what: string; readonly undo: Undo }[] = [];
  private startedAt: number | undefined;

  public constructor(private readonly options: SceneOptions) {
    this.lab = options.lab;
    this.fleet = options.fleet;
  }

  /** Who does what only people can do. @throws {NotAsExpected} where nobody is there */
  public get operator(): Operator {
    if (this.options.operator === undefined) throw noOperator();
    return this.options.operator;
  }

  /** Seconds since the first harm; 0 before it. */
  public get seconds(): number {
    return this.startedAt === undefined ? 0 : Math.round((performance.now() - this.startedAt) / 100) / 10;
  }

  /** Starts the clock, unless it runs: the next thing that is done harms. */
  public begin(): void {
    this.startedAt ??= performance.now();
  }

  /** Notes that something has come about. */
  public mark(what: string): void {
    this.marks[what] = this.seconds;
    this.options.say(`    ${this.seconds.toFixed(1)} s  ${what}`);
  }

  /** Has something undone in the end, whatever comes; the last first. */
  public defer(what: string, undo: Undo): void {
    this.undoes.push({ what, undo });
  }

  /** Undoes everything, and says what could not be undone. */
  public async putBack(lab: LabApi): Promise<string[]> {
    const failed: string[] = [];
    for (const { what, undo } of this.undoes.splice(0).reverse()) {
      try {
        await undo(lab);
      } catch (error) {
        failed.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return failed;
  }

  /** Waits until something is so, at most until the fault's bound. @throws {NotAsExpected} */
  public async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    await this.found(what, async () => ((await isSo()) ? true : undefined));
  }

  /** Waits until something is there and answers it, at most until the fault's bound. @throws {NotAsExpected} */
  public async found<T>(what: string, find: () => Promise<T | undefined>): Promise<T> {
    const { boundSec, pollMs = 1000 } = this.options;
    const since = this.startedAt ?? performance.now();
    for (;;) {
      const from = performance.now();
      const it = await find();
      if (it !== undefined) return it;
      if (performance.now() - since >= boundSec * 1000) throw notInTime(what, boundSec);
      await this.pause(Math.max(pollMs, LOOKS_TAKE_ONE_IN * (performance.now() - from)));
    }
  }

  /** Lets a trouble last. */
  public async last(seconds: number): Promise<void> {
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) await this.pause(Math.min(500, end - performance.now()));
  }

  /** The machine as it is now; undefined when it is gone. */
  public async now(machine: Machine): Promise<Machine | undefined> {
    return (await this.lab.machines()).find((it) => it.id === machine.id && it.state !== 'terminated');
  }

  /** A server of a machine's cluster other than it: who tells what its cluster thinks of it. */
  public witness(machine: Machine): Machine {
    const others = this.fleet.servers(clusterOf(machine)).filter((it) => it.id !== machine.id);
    return others[0] ?? machine;
  }

  /** A machine's node as its cluster knows it. */
  public async nodeOf(machine: Machine): Promise<Node | undefined> {
    return (await nodesOf(this.lab, this.witness(machine))).find((it) => it.address === machine.address);
  }

  private async pause(ms: number): Promise<void> {
    if (this.options.interruption.raised) throw faultInterrupted();
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (this.options.interruption.raised) throw faultInterrupted();
  }
}
