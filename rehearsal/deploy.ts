import { existsSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { dependenciesMissing } from './errors';
import type { Interruption } from './interruption';
import { FileFollowers } from './file-followers';
import { descendantsOf } from './process-table';
import { run, signal, type Finished, type ProcessEnvironment } from './process';
import type { DeployProgress } from './progress';
import { StackLog } from './stack-log';
import { StackRuns, type StackRun } from './stack-run';
import type { Workspace } from './workspace';

/** A run of cdktf over all stacks of its manifest. */
export interface CdktfRunOptions {
  readonly verb: 'deploy' | 'destroy';
  readonly workspace: Workspace;
  readonly env: ProcessEnvironment;
  readonly stacks: readonly string[];
  /** Stacks that run at once. @default - as many as their dependencies allow */
  readonly parallelism?: number;
  readonly progress: DeployProgress;
  readonly interruption: Interruption;
}

/** How a run of cdktf ended. */
export interface CdktfOutcome {
  readonly ok: boolean;
  readonly stacks: readonly StackRun[];
  /** What cdktf said at the end, if no stack explains the failure. */
  readonly complaint: string;
}

const FIND_TERRAFORM_EVERY_MS = 300;

/** Runs the real `cdktf deploy '*'` or `cdktf destroy '*'` on what is synthesized. */
export async function runCdktf(options: CdktfRunOptions): Promise<CdktfOutcome> {
  const { verb, workspace, parallelism, interruption } = options;
  const cdktf = path.join(workspace.projectRoot, 'node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');
  if (!existsSync(cdktf)) throw dependenciesMissing('cdktf-cli');
  const runs = new StackRuns(options.stacks, (stack) => workspace.stackLog(stack));
  const followers = follow(options, runs);
  const stop = stopOnce();
  try {
    const finished = await run(
      {
        command: process.execPath,
        args: [
          // A failed stack would otherwise end cdktf while its siblings run, and lose their state:
          // https://github.com/hashicorp/terraform-cdk/issues/3206
          '--unhandled-rejections=warn',
          ...[cdktf, verb, '*', '--auto-approve', '--skip-synth', '--skip-provider-lock', '--no-color'],
          ...['--output', workspace.out],
          ...(parallelism === undefined ? [] : ['--parallelism', String(parallelism)]),
        ],
        cwd: workspace.projectRoot,
        env: {
          ...options.env,
          TF_CLI_ARGS_apply: '-json',
          TF_CLI_ARGS_destroy: '-json',
          TERRAFORM_BINARY_NAME: path.join(workspace.projectRoot, 'rehearsal', 'terraform.sh'),
          DROVER_STACK_LOGS: workspace.log,
        },
        logFile: path.join(workspace.log, `cdktf-${verb}.txt`),
        stop: stop.begin,
      },
      interruption,
    );
    followers.end();
    if (finished.code !== 0) runs.settle(Date.now());
    return { ok: finished.code === 0, stacks: runs.all, complaint: complaintOf(finished) };
  } finally {
    stop.end();
    followers.end();
    await runs.close();
  }
}

/** Forgets what an earlier run noted and follows what this one notes. */
function follow({ stacks, workspace, progress }: CdktfRunOptions, runs: StackRuns): FileFollowers {
  const logs = new Map(stacks.map((stack) => [path.join(workspace.log, `${stack}.jsonl`), new StackLog(stack)]));
  for (const file of logs.keys()) rmSync(file, { force: true });
  return new FileFollowers([...logs.keys()], (texts) => {
    const events = texts.flatMap(({ file, text }) => logs.get(file)?.read(text) ?? []);
    // One stack may end and the next one start between two looks.
    for (const event of events.sort((a, b) => a.at - b.at)) progress.stack(event, runs.take(event));
  });
}

/**
 * Ends a run without loss. cdktf itself must not be told: it would hang up on its Terraforms, which then could not write
 * their state. Told directly, each finishes the object in hand; then cdktf sees a failed stack and starts no other.
 */
function stopOnce(): { begin: (pid: number) => void; end: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const told = new Set<number>();
  const tell = (pid: number): void => {
    const running = descendantsOf(pid).filter((it) => it.name === 'terraform' && !told.has(it.pid));
    for (const it of running) {
      told.add(it.pid);
      signal(it.pid, 'SIGINT');
    }
  };
  return {
    begin: (pid) => {
      tell(pid);
      timer = setInterval(() => tell(pid), FIND_TERRAFORM_EVERY_MS);
    },
    end: () => clearInterval(timer),
  };
}

/** What Terraform and cdktf said was wrong; an initialisation that fails is in no stack's notes. */
function complaintOf({ stdout, stderr }: Finished): string {
  const fromTerraform = stdout.split('\n').filter((it) => /\bError: /.test(it));
  const fromCdktf = stderr.split('\n').filter((it) => it.trim() !== '' && !/^\(?(Use `node|node:\d+\))/.test(it));
  return [...fromTerraform.map((it) => it.replace(/^.*?\bError: /, '')), ...fromCdktf.slice(-3)].join('\n');
}
