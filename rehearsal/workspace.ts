import { mkdirSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { errorCode } from './error-code';
import { cannotWrite } from './errors';

/** The folder that one environment's rehearsal keeps its files in. */
export class Workspace {
  /** `.drover/rehearsal/<environment>` of the project. */
  public readonly dir: string;
  /** What the program synthesized, with local states. */
  public readonly out: string;
  public readonly stacks: string;
  /** Terraform's settings: every provider is the simulated one. */
  public readonly terraformSettings: string;
  public readonly world: string;
  public readonly state: string;
  public readonly faults: string;
  public readonly log: string;
  public readonly lock: string;

  public constructor(
    public readonly projectRoot: string,
    public readonly environment: string,
  ) {
    this.dir = path.join(projectRoot, '.drover', 'rehearsal', environment);
    this.out = path.join(this.dir, 'cdktf.out');
    this.stacks = path.join(this.out, 'stacks');
    this.terraformSettings = path.join(this.dir, 'terraform.rc');
    this.world = path.join(this.dir, 'world');
    this.state = path.join(this.dir, 'state');
    this.faults = path.join(this.dir, 'faults.json');
    this.log = path.join(this.dir, 'log');
    this.lock = path.join(this.dir, 'lock.json');
  }

  /** Makes the folders. The world and the states hold secrets, so nobody else may read them. */
  public create(): void {
    for (const folder of [this.dir, this.out, this.world, this.state, this.log]) {
      writing(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
    }
  }

  /** Removes what a rehearsal made, except its logs. */
  public clear(): void {
    const others = ['events.jsonl', 'ssh'].map((it) => path.join(this.dir, it));
    for (const item of [this.out, this.world, this.state, this.faults, ...others]) {
      writing(item, () => rmSync(item, { recursive: true, force: true }));
    }
  }

  public stackLog(stack: string): string {
    return path.join(this.log, `${stack}.log`);
  }

  /** A path of the workspace as a person would type it. */
  public shown(file: string): string {
    return path.relative(this.projectRoot, file);
  }
}

/** Does something to the disk and says plainly when the disk refuses. */
export function writing<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const known: Readonly<Record<string, string>> = {
      ENOSPC: 'the disk is full',
      EACCES: 'no permission',
      EPERM: 'no permission',
      EROFS: 'the disk is read-only',
      ENOTDIR: 'a part of its path is a file',
      EEXIST: 'a file is in its place',
      EDQUOT: 'the quota of the disk is used up',
    };
    const reason = known[errorCode(error) ?? ''];
    if (reason === undefined) throw error;
    throw cannotWrite(file, reason);
  }
}
