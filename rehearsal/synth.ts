import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { appUnknown, nothingSynthesized, synthFailed } from './errors';
import type { Interruption } from './interruption';
import { run, type ProcessEnvironment } from './process';
import { readStackFolders, readStacks, stateFileOf, type SynthesizedStack } from './synthesized';
import { isEmpty, readState } from './state';
import { writing } from './workspace';

const settings = z.looseObject({ app: z.string().min(1) });

/** Exit code by which the program says that what a person wrote is wrong. */
const INPUT_REFUSED = 2;

/** How a program is synthesized. */
export interface SynthOptions {
  readonly projectRoot: string;
  /** Environment to limit the program to. */
  readonly environment: string;
  /** Folder that receives the stacks. */
  readonly out: string;
  readonly env: ProcessEnvironment;
  /** File that receives what the program prints. */
  readonly logFile: string;
  readonly interruption?: Interruption;
  /** Command of the program. @default - `app` of cdktf.json */
  readonly app?: string;
}

/** Runs the program as `cdktf synth` does, into a folder that keeps only what Terraform has already initialised. */
export async function synthesize(options: SynthOptions): Promise<SynthesizedStack[]> {
  const { projectRoot, environment, out, env, logFile } = options;
  const app = options.app ?? appOf(projectRoot);
  cleanStacks(out);
  const { code, stderr, stdout } = await run(
    {
      command: app,
      shell: true,
      cwd: projectRoot,
      env: { ...env, ENVIRONMENT: environment, CDKTF_OUTDIR: out, CHECKPOINT_DISABLE: '1' },
      logFile,
    },
    options.interruption,
  );
  if (options.interruption?.raised !== true && code !== 0) {
    throw synthFailed(reasonOf(stderr || stdout), path.relative(projectRoot, logFile), code === INPUT_REFUSED);
  }
  const stacks = existsSync(path.join(out, 'manifest.json')) ? readStacks(out) : [];
  if (stacks.length === 0) throw nothingSynthesized(environment);
  return stacks;
}

/** The command of the program, which cdktf would run. */
export function appOf(projectRoot: string): string {
  const file = path.join(projectRoot, 'cdktf.json');
  try {
    return settings.parse(JSON.parse(readFileSync(file, 'utf8'))).app;
  } catch {
    throw appUnknown(file);
  }
}

/** Initialised folders stay, since every initialisation costs; so do stacks that still own resources. */
function cleanStacks(out: string): void {
  writing(out, () => mkdirSync(out, { recursive: true, mode: 0o700 }));
  rmSync(path.join(out, 'manifest.json'), { force: true });
  const keep = new Set(ownersOfResources(out));
  const folder = path.join(out, 'stacks');
  for (const stack of existsSync(folder) ? readdirSync(folder) : []) {
    if (keep.has(stack)) continue;
    for (const item of readdirSync(path.join(folder, stack))) {
      if (item.startsWith('.terraform')) continue;
      rmSync(path.join(folder, stack, item), { recursive: true, force: true });
    }
  }
}

function ownersOfResources(out: string): string[] {
  return readStackFolders(out)
    .filter((it) => !isEmpty(readState(stateFileOf(it.content))))
    .map((it) => it.name);
}

/** The first line that says something: an uncaught error stands below its source line and above its stack trace. */
function reasonOf(output: string): string {
  const lines = output.split('\n').filter((it) => it.trim() !== '');
  const thrown = lines.findIndex((it) => /^(\w*Error|✘ \[ERROR\])/.test(it));
  const [first, ...rest] = thrown < 0 ? lines : lines.slice(thrown);
  if (first === undefined) return 'it said nothing';
  const end = rest.findIndex((it) => /^\s+at /.test(it) || it.startsWith('Node.js v'));
  return [first, ...rest.slice(0, end < 0 ? rest.length : end)].join('\n').replace(/^Error: /, '');
}
