import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import { groupShape, type Group } from '../../rehearsal/hosts/faults/fleet';
import { machineShape, type Machine } from '../../rehearsal/hosts/machine';
import { Workspace } from '../../rehearsal/workspace';

export const workspace = new Workspace(path.resolve('.'), 'dev');

/** What a command printed and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { code: status, stdout, stderr };
}

export const drover = (...options: readonly string[]): Ended =>
  run('node', ['cli/bin.mjs', 'rehearse', 'dev', ...options]);

/** Deploys the example with hosts, unless it is up. */
export function ensureUp(): void {
  if (lab('status').code === 0) return;
  const { code, stdout, stderr } = drover('--hosts', '--json');
  if (code !== 0) throw new Error(`${stderr}\n${stdout}`);
}

const LAB = 'rehearsal/lab/bin/drover-lab';

/** Has the lab do something, such as `cut dev-shop-s1`. */
export const lab = (action: string, ...words: readonly string[]): Ended =>
  run(LAB, [action, '--workspace', workspace.dir, ...words]);

/** Runs a command in a machine. */
export const inside = (machine: string, ...command: readonly string[]): Ended => run(LAB, inMachine(machine, command));

const inMachine = (machine: string, command: readonly string[]): string[] => [
  ...['exec', '--workspace', workspace.dir, machine, '--'],
  ...command,
];

/** What the lab knows of one scaling group. */
export function group(name: string): Group {
  const found = z.array(groupShape).parse(JSON.parse(lab('groups', '--json').stdout));
  const one = found.find((it) => it.name === name);
  if (one === undefined) throw new Error(`the lab has no group '${name}'`);
  return one;
}

export const machines = (): Machine[] => z.array(machineShape).parse(JSON.parse(lab('status', '--json').stdout));

const KUBECTL = ['/var/lib/rancher/rke2/bin/kubectl', '--kubeconfig', '/etc/rancher/rke2/rke2.yaml'];

/** kubectl of a server, as its cluster's administrator. */
export const kubectl = (server: string, ...args: readonly string[]): Ended => inside(server, ...KUBECTL, ...args);

/** A kubectl that goes on until it is ended. */
export function followed(server: string, ...args: readonly string[]): { output: () => string; end: () => void } {
  let text = '';
  const child = spawn(LAB, inMachine(server, [...KUBECTL, ...args]), { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.on('data', (part: Buffer) => (text += part.toString()));
  return { output: () => text, end: () => child.kill() };
}

/** Names of a cluster's nodes by whether they are Ready. */
export function nodes(server: string): Record<string, string> {
  const { stdout } = kubectl(server, 'get', 'nodes', '--no-headers');
  const rows = stdout.split('\n').filter((it) => it !== '');
  return Object.fromEntries(rows.map((it) => it.split(/\s+/).slice(0, 2)));
}

/** Waits until something is so, and says how many seconds that took. */
export async function waitUntil(what: string, isSo: () => boolean, timeoutSec: number): Promise<number> {
  const begin = Date.now();
  while (!isSo()) {
    if (Date.now() - begin > timeoutSec * 1000) throw new Error(`${what}: not so after ${timeoutSec} s`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return (Date.now() - begin) / 1000;
}
