import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rehearsalEnvironment } from '../../rehearsal/environment';
import type { Workspace } from '../../rehearsal/workspace';

/** Arguments of a block, or the blocks of a type by their name. */
export type Block = Record<string, unknown>;

/** `cdk.tf.json` of a stack, to be changed at will. */
export interface StackContent {
  readonly terraform: Block;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly ephemeral?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  locals?: Block;
}

/** What Terraform says against a configuration. */
export interface Complaint {
  readonly severity: string;
  readonly summary: string;
  readonly detail: string;
}

/** A change that Terraform plans, and why it replaces. */
export interface Planned {
  readonly address: string;
  readonly action: string;
  readonly reason?: string;
}

interface Message {
  readonly type?: string;
  readonly diagnostic?: Complaint;
  readonly change?: { readonly resource: { readonly addr: string }; readonly action: string; readonly reason?: string };
}

/** The only block of a type whose name begins so. */
export function blockOf(content: StackContent, type: string, name: string): Block {
  const found = Object.entries(content.resource[type] ?? {}).filter(([it]) => it.startsWith(name));
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} of ${type} begin with '${name}'`);
  return first[1];
}

/** A synthesized stack in a folder of its own, with a state of its own, that real Terraform looks at. */
export class StackCopy {
  private readonly folder: string;
  private readonly original: string;
  private readonly env: NodeJS.ProcessEnv;
  private readonly state: string;

  public constructor(workspace: Workspace, stack: string) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), `drover-${stack}-`));
    this.env = { ...rehearsalEnvironment(process.env, workspace) };
    this.original = fs.readFileSync(path.join(workspace.stacks, stack, 'cdk.tf.json'), 'utf8');
    this.state = path.join(this.folder, 'stack.tfstate');
    const [state] = fs
      .readdirSync(workspace.state)
      .filter((it) => it.startsWith(`${stack}~`) && it.endsWith('.tfstate'));
    if (state === undefined) throw new Error(`'${stack}' has no state`);
    fs.copyFileSync(path.join(workspace.state, state), this.state);
    this.write(() => undefined);
    const { status, stderr } = this.terraform('init', '-input=false');
    if (status !== 0) throw new Error(stderr);
  }

  /** What Terraform says against the stack once it is changed; empty if nothing. */
  public validate(change: (content: StackContent) => void): readonly Complaint[] {
    this.write(change);
    const { stdout } = this.terraform('validate', '-json');
    return (JSON.parse(stdout) as { diagnostics: readonly Complaint[] }).diagnostics;
  }

  /** What Terraform would do with the changed stack, going by the state alone, and what it refuses. */
  public plan(change: (content: StackContent) => void): { planned: readonly Planned[]; refused: readonly Complaint[] } {
    this.write(change);
    const { stdout } = this.terraform('plan', '-json', '-input=false', '-refresh=false');
    const messages = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Message]));
    return {
      planned: messages.flatMap(({ type, change: it }) =>
        type === 'planned_change' && it
          ? [
              {
                address: it.resource.addr,
                action: it.action,
                ...(it.reason === undefined ? {} : { reason: it.reason }),
              },
            ]
          : [],
      ),
      refused: messages.flatMap(({ diagnostic }) => (diagnostic?.severity === 'error' ? [diagnostic] : [])),
    };
  }

  /** Changes the attributes that the state has of the only resource of a type whose name begins so. */
  public changeState(type: string, name: string, attributes: Block): void {
    const state = JSON.parse(fs.readFileSync(this.state, 'utf8')) as {
      resources: { type: string; name: string; instances: { attributes: Block }[] }[];
    };
    const found = state.resources.filter((it) => it.type === type && it.name.startsWith(name));
    const [instance] = found.flatMap((it) => it.instances);
    if (instance === undefined || found.length > 1) throw new Error(`${found.length} of ${type} begin with '${name}'`);
    Object.assign(instance.attributes, attributes);
    fs.writeFileSync(this.state, JSON.stringify(state));
  }

  public remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private write(change: (content: StackContent) => void): void {
    const content = JSON.parse(this.original) as StackContent;
    content.terraform['backend'] = { local: { path: this.state } };
    change(content);
    fs.writeFileSync(path.join(this.folder, 'cdk.tf.json'), JSON.stringify(content));
  }

  private terraform(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync('terraform', args, { cwd: this.folder, env: this.env, encoding: 'utf8', maxBuffer: 1 << 28 });
  }
}
