import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Workspace } from '../../rehearsal/workspace';
import { fingerprint } from './world';

/** A change of one resource as `--json` says it. */
export interface Change {
  readonly address: string;
  readonly type: string;
  readonly action: string;
}

/** What `drover rehearse --json` printed. */
export interface Outcome {
  readonly code: number;
  readonly stderr: string;
  readonly ok?: boolean;
  readonly stacks?: readonly {
    readonly name?: string;
    readonly stack?: string;
    readonly state?: string;
    readonly resources?: number;
    readonly changes?: readonly Change[];
    readonly errors?: readonly { readonly summary: string; readonly detail: string }[];
    readonly secondPlan?: { readonly changes: readonly Change[]; readonly errors: readonly unknown[] };
  }[];
  readonly verdicts?: readonly { readonly ok: boolean; readonly rule: string; readonly text: string }[];
  readonly hosts?: readonly unknown[];
  readonly leftovers?: readonly unknown[];
  readonly failures?: readonly { readonly stack: string; readonly errors: readonly { readonly summary: string }[] }[];
}

/** A rehearsal that runs beside the test. */
export interface Running {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<Outcome>;
}

export const workspace = new Workspace(path.resolve('.'), 'dev');
/** The workspace of the rehearsed environment. */
export const WORKSPACE = workspace.dir;

/** What the last whole deploy of the example left, so that the next file of the same run need not deploy it again. */
const AT_REST = path.join(WORKSPACE, 'at-rest.json');

/** The example environment with some of its lines changed; the folder is removed when the process ends. */
export function changedEnvironment(...changes: readonly Edit[]): string {
  return changedCopyOf('dev', ...changes);
}

/** A line of an environment's file, or what matches it, and what stands there instead. */
export type Edit = readonly [before: string | RegExp, after: string];

/** A folder with one environment, some of its lines changed; it is removed when the process ends. */
export function changedCopyOf(environment: string, ...changes: readonly Edit[]): string {
  let text = fs.readFileSync(`environments/${environment}.yaml`, 'utf8');
  for (const [before, after] of changes) {
    const changed = text.replace(before, after);
    if (changed === text) throw new Error(`nothing in environments/${environment}.yaml matches ${String(before)}`);
    text = changed;
  }
  return folderWith(environment, text);
}

/** A folder with one environment of this text; it is removed when the process ends. */
export function folderWith(environment: string, text: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drover-environments-'));
  process.on('exit', () => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  fs.writeFileSync(path.join(folder, `${environment}.yaml`), text);
  return folder;
}

/** Forgets whatever was rehearsed: the cloud is a folder, so nothing must be destroyed one by one. */
export function startFromNothing(): void {
  fs.rmSync(WORKSPACE, { recursive: true, force: true });
}

const commandLine = (environment: string, options: readonly string[]): string[] => [
  ...['cli/bin.mjs', 'rehearse', environment, '--json'],
  ...options,
];

/** Runs `drover rehearse dev` with further options, on the example environment or a changed copy of it. */
export function rehearse(options: readonly string[], environments?: string): Outcome {
  return rehearseIn('dev', options, environments);
}

/** The same for another environment. */
export function rehearseIn(environment: string, options: readonly string[], environments?: string): Outcome {
  const { status, stdout, stderr } = spawnSync('node', commandLine(environment, options), {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...(environments === undefined ? {} : { ENVIRONMENTS_DIR: environments }) },
  });
  return outcomeOf(status, stdout, stderr);
}

/** One example environment, rehearsed. */
export interface RehearsalOf {
  readonly workspace: Workspace;
  /** Runs `drover rehearse` with further options, with some lines of the environment changed. */
  readonly rehearse: (options: readonly string[], ...edits: readonly Edit[]) => Outcome;
}

/** The example environment of that name. */
export const rehearsalOf = (environment: string): RehearsalOf => ({
  workspace: new Workspace(path.resolve('.'), environment),
  rehearse: (options, ...edits) =>
    rehearseIn(environment, options, edits.length === 0 ? undefined : changedCopyOf(environment, ...edits)),
});

/** Starts what `rehearse` runs and does not wait for its end. */
export function beginRehearsal(
  options: readonly string[],
  environments: string,
  env: Readonly<Record<string, string>> = {},
): Running {
  const child = spawn('node', commandLine('dev', options), {
    env: { ...process.env, ENVIRONMENTS_DIR: environments, ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(outcomeOf(code, stdout, stderr)));
  });
  if (child.pid === undefined) throw new Error('drover did not start');
  return { process: child, pid: child.pid, ended };
}

/** The example environment deployed and at rest: as an earlier file of this run left it, or deployed from nothing now. */
export function deployed(): Outcome {
  const known = readAtRest();
  if (known?.run === process.pid && known.fingerprint === fingerprint(workspace)) return known.outcome;
  startFromNothing();
  const outcome = rehearse([]);
  leaveDeployed(outcome);
  return outcome;
}

/** Tells the next file of this run that the unchanged example is deployed. */
export function leaveDeployed(outcome: Outcome): void {
  if (outcome.ok !== true) throw new Error(`the example is not deployed: ${outcome.stderr}`);
  const note: AtRest = { run: process.pid, fingerprint: fingerprint(workspace), outcome };
  fs.writeFileSync(AT_REST, JSON.stringify(note), { mode: 0o600 });
}

interface AtRest {
  readonly run: number;
  readonly fingerprint: string;
  readonly outcome: Outcome;
}

function readAtRest(): AtRest | undefined {
  return fs.existsSync(AT_REST) ? (JSON.parse(fs.readFileSync(AT_REST, 'utf8')) as AtRest) : undefined;
}

function outcomeOf(status: number | null, stdout: string, stderr: string): Outcome {
  const json = stdout.trim() === '' ? {} : (JSON.parse(stdout) as Omit<Outcome, 'code' | 'stderr'>);
  return { code: status ?? -1, stderr, ...json };
}

/** Every change of all stacks' plans. */
export function changesOf(outcome: Outcome): Change[] {
  return (outcome.stacks ?? []).flatMap((stack) => stack.changes ?? []);
}

/** The same, each as a line, such as `create aws_vpc.network`; sorted, and without the hash of an address. */
export function lines(outcome: Outcome): string[] {
  return changesOf(outcome)
    .map(({ action, address }) => `${action} ${address.replace(/_[0-9A-F]{8}$/, '')}`)
    .sort();
}

/** Ids of the objects of a type in the simulated cloud. */
export function objectsInWorld(type: string): string[] {
  const folder = path.join(WORKSPACE, 'world', type);
  return fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
}

/** Waits until something is so; `what` names it where it never comes true. */
export async function waitUntil(what: string, isSo: () => boolean, timeoutSec = 300): Promise<void> {
  const end = Date.now() + timeoutSec * 1000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`${what}: not so after ${timeoutSec} s`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
