import { existsSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { DeployLog } from './deploy-log';
import { dependenciesMissing } from './errors';
import type { Interruption } from './interruption';
import { LogFollower } from './log-follower';
import { descendantsOf } from './process-table';
import { run, signal, type ProcessEnvironment } from './process';
import type { DeployProgress } from './progress';
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

const LOG_NAME = 'cdktf.log';
const FIND_TERRAFORM_EVERY_MS = 300;

/** Runs the real `cdktf deploy '*'` or `cdktf destroy '*'` on what is synthesized. */
export async function runCdktf(options: CdktfRunOptions): Promise<CdktfOutcome> {
  const { verb, workspace, parallelism, progress, interruption } = options;
  const cdktf = path.join(workspace.projectRoot, 'node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');
  if (!existsSync(cdktf)) throw dependenciesMissing('cdktf-cli');
  const log = path.join(workspace.log, LOG_NAME);
  rmSync(log, { force: true });
  const runs = new StackRuns(options.stacks, (stack) => workspace.stackLog(stack));
  const reader = new DeployLog();
  const follower = new LogFollower(log, (text) => {
    for (const event of reader.read(text)) progress.stack(event, runs.take(event));
  });
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
          CDKTF_LOG_FILE_DIRECTORY: workspace.log,
        },
        logFile: path.join(workspace.log, `cdktf-${verb}.txt`),
        stop: stop.begin,
      },
      interruption,
    );
    follower.end();
    return { ok: finished.code === 0, stacks: runs.all, complaint: complaintOf(finished.stderr) };
  } finally {
    stop.end();
    follower.end();
    await runs.close();
  }
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

function complaintOf(stderr: string): string {
  const lines = stderr.split('\n').filter((it) => it.trim() !== '' && !/^\(?(Use `node|node:\d+\))/.test(it));
  return lines.slice(-5).join('\n');
}
