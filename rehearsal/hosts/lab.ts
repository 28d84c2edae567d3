import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { buildGo, type BuildGoOptions } from '../build-go';
import { run, signal } from '../process';
import { writing, type Workspace } from '../workspace';
import type { Precondition } from '../world';
import { labNotStarted, labNotStopped } from './errors';
import { packKubernetes } from './kubernetes';

const LAB = { folder: 'lab', name: 'drover-lab', what: 'the lab of the hosts' };
/** What hosts and their pods run: the hosts see the folder. */
const PROGRAMS = [
  { folder: 'rancher', name: 'rancher-standin', what: 'the stand-in for Rancher' },
  { folder: 'app', name: 'drover-app', what: 'the stand-in for applications' },
];

/** What hosts are told that no resource says. */
export interface HostsOptions {
  /** Address under which the environment's machines find releases of RKE2; the lab answers there. */
  readonly artifactUrl: string;
  /** RKE2 versions of the environment's clusters. */
  readonly kubernetesVersions: readonly string[];
  /** Machines that stand in data centres before anything is deployed, with what is around them. */
  readonly standing: readonly Precondition[];
}

/** Base file systems and packed programs, shared by all environments: they depend on no data. */
const CACHE = '/var/cache/drover/hosts';

/** The first start makes the base file system of the hosts. */
const START_TIMEOUT_MS = 15 * 60_000;
const POLL_MS = 200;

/** Makes the machines of a rehearsed environment real; it outlives the command that started it. */
export class Lab {
  private readonly dir: string;
  private readonly log: string;
  private readonly ready: string;

  public constructor(
    private readonly workspace: Workspace,
    private readonly options: BuildGoOptions,
    private readonly cache = CACHE,
  ) {
    this.dir = path.join(workspace.dir, 'lab');
    this.log = path.join(workspace.log, 'lab.txt');
    this.ready = path.join(this.dir, 'ready');
  }

  /** Whether a lab of this environment runs, or left something behind. */
  public get exists(): boolean {
    return existsSync(this.dir);
  }

  /** Starts the lab, unless it runs. @param hosts may be left out for a lab that was started before */
  public async start(hosts?: HostsOptions): Promise<void> {
    const { projectRoot } = this.options;
    const binary = await buildGo(LAB, this.options);
    const built: string[] = [];
    for (const program of PROGRAMS) built.push(await buildGo(program, this.options));
    const artifacts = await packKubernetes(hosts?.kubernetesVersions ?? [], this.cache, this.options);
    // The folder of the lab comes last: where it is, there is a lab.
    const programs = this.layOut(built);
    if (await this.answers(binary)) return;
    rmSync(this.ready, { force: true });
    this.options.say('starting the lab of the hosts (the first time it makes their file system: about a minute)');
    const log = openSync(this.log, 'a', 0o600);
    const child = spawn(
      binary,
      [
        ...['run', '--workspace', this.workspace.dir, '--cache', this.cache, '--ready-file', this.ready],
        ...['--artifacts', artifacts, '--programs', programs],
        ...(hosts === undefined ? [] : ['--artifact-url', hosts.artifactUrl]),
      ],
      { cwd: projectRoot, env: { ...this.options.env }, detached: true, stdio: ['ignore', log, log] },
    );
    closeSync(log);
    child.unref();
    await this.awaitReady(child);
  }

  /** Ends the lab and every host with it; there may be none. */
  public async stop(): Promise<void> {
    if (!this.exists) return;
    const binary = await buildGo(LAB, this.options);
    const { code, stderr } = await run({
      command: binary,
      args: ['down', '--workspace', this.workspace.dir],
      cwd: this.options.projectRoot,
      env: this.options.env,
    });
    if (code !== 0) throw labNotStopped(lastLine(stderr), this.workspace.shown(this.log));
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Lays what hosts run into one folder; a program that runs goes on with what it was. */
  private layOut(built: readonly string[]): string {
    const folder = path.join(this.dir, 'bin');
    writing(folder, () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const file of built) {
        const target = path.join(folder, path.basename(file));
        copyFileSync(file, `${target}.new`);
        renameSync(`${target}.new`, target);
      }
    });
    return folder;
  }

  private async answers(binary: string): Promise<boolean> {
    if (!existsSync(path.join(this.dir, 'control.sock'))) return false;
    const { code } = await run({
      command: binary,
      args: ['status', '--workspace', this.workspace.dir],
      cwd: this.options.projectRoot,
      env: this.options.env,
    });
    return code === 0;
  }

  /** Looks for the ready file until it is there, the lab has ended or the time is over: whatever comes first. */
  private async awaitReady(child: ChildProcess): Promise<void> {
    let ended: string | undefined;
    child.once('error', (error) => (ended = error.message));
    child.once('exit', (code) => {
      ended = `it ended with ${String(code)}: ${lastLine(readFileSync(this.log, 'utf8'))}`;
    });
    const release = this.options.interruption.whenRaised(() => {
      if (child.pid !== undefined) signal(child.pid, 'SIGTERM');
    });
    const end = Date.now() + START_TIMEOUT_MS;
    try {
      while (!existsSync(this.ready)) {
        if (Date.now() > end) ended = `it was not ready after ${START_TIMEOUT_MS / 60_000} minutes`;
        if (ended !== undefined) throw labNotStarted(ended, this.workspace.shown(this.log));
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    } finally {
      release();
      child.removeAllListeners();
    }
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
