import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { EntryAddress } from './connections';
import { entryFailed } from './errors';
import { signal, type ProcessEnvironment } from './process';

const report = z.object({ port: z.number(), hostKey: z.string(), agentSocket: z.string() });

/** How to start the simulated machines. */
export interface SshEntryOptions {
  /** The simulated provider's program, which plays them too. */
  readonly program: string;
  /** The rehearsal's folder, whose world the machines are in. */
  readonly dir: string;
  readonly env: ProcessEnvironment;
  /** Whether the hosts run in the lab. @default - they are played */
  readonly hosts?: boolean;
  /** Longest time until the machines say where they are. @default 30 */
  readonly startTimeoutSec?: number;
  /** Longest time that they may take to end by themselves; then they are killed. @default 10 */
  readonly stopTimeoutSec?: number;
}

/**
 * The way to machines on metal: a bastion on loopback, every host behind it unless the lab runs them, and an agent with
 * the one key that opens them. It ends with `stop`, and by itself when this process ends.
 */
export class SshEntry implements EntryAddress {
  private constructor(
    private readonly process: ChildProcess,
    private readonly stopTimeoutSec: number,
    public readonly port: number,
    public readonly hostKey: string,
    /** Socket of the agent, for SSH_AUTH_SOCK. */
    public readonly agentSocket: string,
  ) {}

  /** Starts the machines and waits until they can be reached. */
  public static async start(options: SshEntryOptions): Promise<SshEntry> {
    const { program, dir, env, hosts = false, startTimeoutSec = 30, stopTimeoutSec = 10 } = options;
    // Its standard input is what ends it. A group of its own keeps Ctrl-C from ending it under a running Terraform.
    const child = spawn(program, ['--ssh-entry'], {
      env: { ...env, REHEARSAL_DIR: dir, ...(hosts ? { REHEARSAL_HOSTS: '1' } : {}) },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    try {
      const { port, hostKey, agentSocket } = await firstLine(child, startTimeoutSec);
      return new SshEntry(child, stopTimeoutSec, port, hostKey, agentSocket);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Ends the machines and waits until they are gone. */
  public async stop(): Promise<void> {
    const { process: child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.stdin?.end();
    const { pid } = child;
    const late = setTimeout(() => {
      if (pid !== undefined) signal(pid, 'SIGKILL');
    }, this.stopTimeoutSec * 1000);
    await ended;
    clearTimeout(late);
  }
}

async function firstLine(child: ChildProcess, timeoutSec: number): Promise<z.output<typeof report>> {
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const line = await new Promise<string>((resolve, reject) => {
    const fail = (reason: string): void => reject(entryFailed(complaint.trim() === '' ? reason : complaint.trim()));
    const late = setTimeout(() => fail(`it said nothing within ${timeoutSec} s`), timeoutSec * 1000);
    child.once('error', ({ message }) => fail(message));
    child.once('close', (code) => fail(`it ended with exit code ${String(code)}`));
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve);
    child.once('close', () => clearTimeout(late));
    child.stdout?.once('data', () => clearTimeout(late));
  });
  try {
    return report.parse(JSON.parse(line));
  } catch {
    throw entryFailed(`it said ${JSON.stringify(line.slice(0, 200))}`);
  }
}
