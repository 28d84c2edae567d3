import * as path from 'node:path';
import { z } from 'zod';
import { run, type ProcessEnvironment } from '../../process';
import type { Interruption } from '../../interruption';
import { faultInterrupted, labNotUnderstood, labRefused } from './errors';
import { setParameter } from './parameters';
import { groupShape, type Group } from './fleet';
import { machineShape, type Machine } from '../machine';

/** What a command in a machine printed and how it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const loadShape = z.object({
  sent: z.number(),
  failed: z.number(),
  failedAfterFirstSecond: z.number(),
  /** Seconds from the start of the load. */
  firstFailureSec: z.number().nullish(),
  lastFailureSec: z.number().nullish(),
  slowestMs: z.number().default(0),
  /** Numbers of answers by HTTP status, and of failures without an answer by their text. */
  statuses: z.record(z.string(), z.number()).default({}),
  errors: z.record(z.string(), z.number()).default({}),
});
export type LoadReport = z.output<typeof loadShape>;

/** A lab that runs, as faults use it. */
export interface LabApi {
  /** Every machine that the lab has or had. */
  machines(): Promise<Machine[]>;
  groups(): Promise<Group[]>;
  /** Has the lab do something, such as `cut i-0123`. */
  tell(action: string, ...words: readonly string[]): Promise<void>;
  /** Runs a command in a machine. @param deadlineSec @default 30 */
  exec(machine: string, command: readonly string[], deadlineSec?: number): Promise<Ended>;
  /** Asks an address so many times a second, trusting a certificate that lies in a machine (`MACHINE:/path`). */
  load(request: LoadRequest): Promise<LoadReport>;
  /** Gives a parameter another value. */
  setParameter(name: string, value: string): Promise<void>;
}

export interface LoadRequest {
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly caFrom: string;
  /** The machine that asks. @default - the lab's switch */
  readonly from?: string;
}

/** Where the lab is. */
export interface LabClientOptions {
  readonly projectRoot: string;
  /** The rehearsal's folder. */
  readonly workspace: string;
  readonly env: ProcessEnvironment;
  /** Ends a command of the lab that runs. @default - commands run to their end */
  readonly interruption?: Interruption;
}

/** The lab by its program. */
export class LabClient implements LabApi {
  private readonly binary: string;

  public constructor(private readonly options: LabClientOptions) {
    this.binary = path.join(options.projectRoot, 'rehearsal', 'lab', 'bin', 'drover-lab');
  }

  /** Whether it runs and has machines. */
  public async isUp(): Promise<boolean> {
    try {
      return (await this.machines()).some((it) => it.state === 'running');
    } catch {
      // A lab that is not there, or was left behind by another version, is started anew by a deploy.
      return false;
    }
  }

  public async machines(): Promise<Machine[]> {
    return this.json(z.array(machineShape), 'status', '--json');
  }

  public async groups(): Promise<Group[]> {
    return this.json(z.array(groupShape), 'groups', '--json');
  }

  public async tell(action: string, ...words: readonly string[]): Promise<void> {
    await this.ask(action, words);
  }

  public async exec(machine: string, command: readonly string[], deadlineSec = 30): Promise<Ended> {
    return this.run('exec', ['--deadline', String(deadlineSec), machine, '--', ...command]);
  }

  public async load({ url, perSecond, seconds, caFrom, from }: LoadRequest): Promise<LoadReport> {
    const words = ['--rate', String(perSecond), '--seconds', String(seconds), '--ca-from', caFrom];
    const asking = from === undefined ? [] : ['--from', from];
    return this.json(loadShape, 'load', ...words, ...asking, url);
  }

  public setParameter(name: string, value: string): Promise<void> {
    setParameter(path.join(this.options.workspace, 'world'), name, value);
    return Promise.resolve();
  }

  private async json<T>(shape: z.ZodType<T>, action: string, ...words: readonly string[]): Promise<T> {
    const answer = await this.ask(action, words);
    try {
      return shape.parse(JSON.parse(answer));
    } catch (error) {
      throw labNotUnderstood(action, error instanceof z.ZodError ? z.prettifyError(error) : answer.slice(0, 200));
    }
  }

  private async ask(action: string, words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(action, words);
    if (code !== 0) throw labRefused([action, ...words].join(' '), stderr.trim().replace(/^drover-lab: /, ''));
    return stdout;
  }

  private async run(action: string, words: readonly string[]): Promise<Ended> {
    const { projectRoot, workspace, env, interruption } = this.options;
    this.refuseInterrupted();
    const ended = await run(
      { command: this.binary, args: [action, '--workspace', workspace, ...words], cwd: projectRoot, env },
      interruption,
    );
    this.refuseInterrupted();
    return ended;
  }

  private refuseInterrupted(): void {
    if (this.options.interruption?.raised === true) throw faultInterrupted();
  }
}
