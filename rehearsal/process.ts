import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { errorCode } from './error-code';
import { commandUnusable } from './errors';
import type { Interruption } from './interruption';

/** Environment variables of a child process. */
export type ProcessEnvironment = Readonly<Record<string, string | undefined>>;

/** A program to run to its end. */
export interface Command {
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd: string;
  readonly env: ProcessEnvironment;
  /** Whether `command` is a line for the shell. @default false */
  readonly shell?: boolean;
  /** File that receives everything it prints. @default - none */
  readonly logFile?: string;
  /** Called with each line of standard output. */
  readonly onLine?: (line: string) => void;
  /** How to stop it when a person interrupts. @default - SIGTERM to it and what it started */
  readonly stop?: (pid: number) => void;
}

/** What a program left behind. */
export interface Finished {
  /** Exit code; 128 + n when it died of signal n, as in a shell. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const stopGroup = (pid: number): void => signal(-pid, 'SIGTERM');

/** Runs a program. It gets a process group of its own, so that Ctrl-C reaches it only as `stop` says. */
export async function run(command: Command, interruption?: Interruption): Promise<Finished> {
  const { stop = stopGroup } = command;
  const child = spawn(command.command, command.args ?? [], {
    cwd: command.cwd,
    env: { ...command.env },
    shell: command.shell ?? false,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  const release = interruption?.whenRaised(() => {
    if (pid !== undefined) stop(pid);
  });
  const log = command.logFile === undefined ? undefined : createWriteStream(command.logFile, { mode: 0o600 });
  let [stdout, stderr] = ['', ''];
  const { onLine } = command;
  if (onLine) createInterface({ input: child.stdout }).on('line', onLine);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    log?.write(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    log?.write(text);
  });
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on('error', (error) => reject(commandUnusable(command.command, error.message)));
      child.on('close', (exit, died) => resolve(exit ?? 128 + signalNumber(died)));
    });
    return { code, stdout, stderr };
  } finally {
    release?.();
    await new Promise<void>((resolve) => (log ? log.end(resolve) : resolve()));
  }
}

/** Sends a signal to a process that may just have ended. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

function signalNumber(name: NodeJS.Signals | null): number {
  return { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[name === null ? '' : String(name)] ?? 0;
}
