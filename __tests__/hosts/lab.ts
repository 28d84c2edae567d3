import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { readMachines, type Machine } from '../../rehearsal/hosts/machines';
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

/** Has the lab do something, such as `cut`, with a machine. */
export const lab = (action: string, machine: string): Ended =>
  run('rehearsal/lab/bin/drover-lab', [action, '--workspace', workspace.dir, machine]);

/** Runs a command in a machine. */
export const inside = (machine: string, ...command: readonly string[]): Ended =>
  run('rehearsal/lab/bin/drover-lab', ['exec', '--workspace', workspace.dir, machine, '--', ...command]);

export const machines = (): Machine[] => readMachines(workspace.dir);

/** kubectl of a server, as its cluster's administrator. */
export const kubectl = (server: string, ...args: readonly string[]): Ended =>
  inside(server, '/var/lib/rancher/rke2/bin/kubectl', '--kubeconfig', '/etc/rancher/rke2/rke2.yaml', ...args);

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
