import { readlinkSync, realpathSync } from 'node:fs';
import * as path from 'node:path';
import { buildProvider } from './build-provider';
import { hasConnections, type EntryAddress } from './connections';
import { rehearsalEnvironment } from './environment';
import { recordedWithoutHosts } from './hosts/errors';
import { Lab, type HostsOptions } from './hosts/lab';
import { checkHostPrerequisites } from './hosts/prerequisites';
import { rehearsalRunning, wasInterrupted, type RehearsalError } from './errors';
import type { Interruption } from './interruption';
import { localizeStacks } from './localize';
import { acquireLock } from './lock';
import { checkTerraform } from './prerequisites';
import { listProcesses } from './process-table';
import type { ProcessEnvironment } from './process';
import type { DeployProgress } from './progress';
import type { Phase } from './report';
import { extractAppSchemas } from './schemas/app-schemas';
import { writeMirror } from './schemas/write-mirror';
import { seedPreconditions } from './seed';
import { SshEntry } from './ssh-entry';
import { synthesize } from './synth';
import { readStacks, type SynthesizedStack } from './synthesized';
import { Terraform } from './terraform';
import { Workspace, writing } from './workspace';
import { listWorld } from './world';

/** What every kind of rehearsal is told. */
export interface RehearsalOptions {
  readonly projectRoot: string;
  readonly environment: string;
  /** Variables of the person's own shell. */
  readonly env: ProcessEnvironment;
  readonly progress: DeployProgress;
  readonly interruption: Interruption;
  /** Runs every machine as a host on this machine. @default - machines are only recorded */
  readonly hosts?: HostsOptions;
  /** Command that goes on after an interruption. */
  readonly resumeBy: string;
}

/** One run over an environment: it alone works in the environment's folder. */
export class Session {
  public readonly workspace: Workspace;
  public readonly lab: Lab;
  public readonly withHosts: boolean;
  private readonly done: Phase[] = [];
  private entry: SshEntry | undefined;

  private constructor(public readonly options: RehearsalOptions) {
    this.workspace = new Workspace(options.projectRoot, options.environment);
    this.lab = new Lab(this.workspace, { ...options, say: (line) => options.progress.say(line) });
    // Hosts that run speak for themselves in every run, whether it was asked for them or not.
    this.withHosts = options.hosts !== undefined || this.lab.exists;
  }

  /** Runs something while holding the environment's lock. */
  public static async run<T>(options: RehearsalOptions, work: (session: Session) => Promise<T>): Promise<T> {
    const session = new Session(options);
    const { workspace } = session;
    if (session.withHosts) {
      checkHostPrerequisites({ platform: process.platform, uid: process.getuid?.(), env: options.env });
    }
    workspace.create();
    const lock = acquireLock(workspace.lock, options.environment);
    try {
      refuseOrphans(workspace);
      refuseRecorded(session);
      await checkTerraform(options.projectRoot, options.env);
      return await work(session);
    } finally {
      await session.entry?.stop();
      lock.release();
    }
  }

  /** What Terraform and cdktf run with. */
  public get env(): ProcessEnvironment {
    return rehearsalEnvironment(this.options.env, this.workspace, this.withHosts, this.entry?.agentSocket);
  }

  public get terraform(): Terraform {
    return new Terraform(this.workspace, this.env, this.options.interruption);
  }

  public get phases(): readonly Phase[] {
    return this.done;
  }

  /** Does a part of the work, measures it, and goes no further if a person interrupts. */
  public async phase<T>(name: string, work: () => Promise<T> | T): Promise<T> {
    const { interruption } = this.options;
    if (interruption.raised) throw this.interrupted();
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.done.push({ name, ms: performance.now() - start });
      if (interruption.raised) throw this.interrupted();
    }
  }

  /**
   * Synthesizes the program and makes everything ready for Terraform to work on it without a cloud.
   * @param check refuses stacks before anything is made for them @default - every stack will do
   */
  public async prepare(check?: (stacks: readonly SynthesizedStack[]) => void): Promise<SynthesizedStack[]> {
    const { workspace, options } = this;
    const { projectRoot, environment, env, interruption } = options;
    await this.phase('synth', () =>
      synthesize({
        projectRoot,
        environment,
        env,
        interruption,
        out: workspace.out,
        logFile: path.join(workspace.log, 'synth.txt'),
      }),
    );
    const synthesized = readStacks(workspace.out);
    check?.(synthesized);
    await this.phase('providers', () => this.provide(synthesized));
    const seeded = seedPreconditions(workspace.world, synthesized);
    localizeStacks(workspace.out, workspace.state, this.entry);
    const stacks = readStacks(workspace.out);
    if (seeded.length > 0) options.progress.say(`put in place what must exist before: ${seeded.join(', ')}`);
    return stacks;
  }

  /**
   * Builds the simulated provider, if it must be, and offers it for every provider that the stacks use. Where they
   * provision hosts, it is the bastion before these until the run ends, and plays those that do not run.
   */
  public async provide(stacks: readonly SynthesizedStack[]): Promise<EntryAddress | undefined> {
    const { workspace, options } = this;
    const providerBinary = await buildProvider({ ...options, say: (line) => options.progress.say(line) });
    const schemas = extractAppSchemas({
      projectRoot: options.projectRoot,
      stacksDir: workspace.stacks,
      statesDir: workspace.state,
    });
    writing(workspace.dir, () => writeMirror({ dir: workspace.dir, providerBinary, schemas }));
    if (stacks.some((it) => hasConnections(it.content))) {
      this.entry ??= await SshEntry.start({
        program: providerBinary,
        dir: workspace.dir,
        env: options.env,
        hosts: this.withHosts,
      });
    }
    return this.entry;
  }

  private interrupted(): RehearsalError {
    return wasInterrupted(
      `what was made is in the world and in its state; '${this.options.resumeBy}' goes on from there`,
    );
  }
}

/** A Terraform that outlived its rehearsal still writes its state. Only Linux tells where a process works; elsewhere Terraform's own lock does it. */
function refuseOrphans({ out, environment }: Workspace): void {
  const home = realpathSync(out) + path.sep;
  for (const { pid } of listProcesses().filter((it) => it.name === 'terraform')) {
    if (workingFolder(pid).startsWith(home))
      throw rehearsalRunning(environment, pid, 'before; its own command is gone');
  }
}

/** Machines that were only recorded have been spoken for: their clusters would never begin. */
function refuseRecorded({ withHosts, lab, workspace }: Session): void {
  if (!withHosts || lab.exists) return;
  const objects = listWorld(workspace.world).filter((it) => !it.isPrecondition).length;
  if (objects > 0) throw recordedWithoutHosts(workspace.environment, objects);
}

function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
