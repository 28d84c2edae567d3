import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

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
  readonly leftovers?: readonly unknown[];
  readonly failures?: readonly { readonly stack: string; readonly errors: readonly { readonly summary: string }[] }[];
}

/** The workspace of the rehearsed environment. */
export const WORKSPACE = path.resolve('.drover/rehearsal/dev');

/** The example environment with some of its lines changed; the folder is removed when the process ends. */
export function changedEnvironment(...changes: readonly (readonly [before: string | RegExp, after: string])[]): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drover-environments-'));
  process.on('exit', () => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  let text = fs.readFileSync('environments/dev.yaml', 'utf8');
  for (const [before, after] of changes) {
    const changed = text.replace(before, after);
    if (changed === text) throw new Error(`nothing in environments/dev.yaml matches ${String(before)}`);
    text = changed;
  }
  fs.writeFileSync(path.join(folder, 'dev.yaml'), text);
  return folder;
}

/** Runs `drover rehearse dev` with further options, on the example environment or a changed copy of it. */
export function rehearse(options: readonly string[], environments?: string): Outcome {
  const { status, stdout, stderr } = spawnSync('node', ['cli/bin.mjs', 'rehearse', 'dev', '--json', ...options], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...(environments === undefined ? {} : { ENVIRONMENTS_DIR: environments }) },
  });
  const json = stdout.trim() === '' ? {} : (JSON.parse(stdout) as Omit<Outcome, 'code' | 'stderr'>);
  return { code: status ?? -1, stderr, ...json };
}

/** Every change of all stacks' plans, as `action type`, without what only a computed hash of outputs brings. */
export function changesOf(outcome: Outcome): Change[] {
  return (outcome.stacks ?? []).flatMap((stack) => stack.changes ?? []);
}

/** Ids of the objects of a type in the simulated cloud. */
export function objectsInWorld(type: string): string[] {
  const folder = path.join(WORKSPACE, 'world', type);
  return fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
}
