import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { machineShape, type Machine } from '../../rehearsal/hosts/machine';
import { Workspace } from '../../rehearsal/workspace';
import type { Ended } from './lab';

export const workspace = new Workspace(path.resolve('.'), 'lab');

const LAB = 'rehearsal/lab/bin/drover-lab';

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Ended {
  const options = { encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(command, args, options);
  return { code: status, stdout, stderr };
}

/** Rehearses the example on metal. @param environments a folder with other data of it */
export const drover = (options: readonly string[], environments?: string): Ended =>
  run(
    'node',
    ['cli/bin.mjs', 'rehearse', 'lab', ...options],
    environments === undefined ? {} : { ENVIRONMENTS_DIR: environments },
  );

export const lab = (action: string, ...words: readonly string[]): Ended =>
  run(LAB, [action, '--workspace', workspace.dir, ...words]);

export const inside = (machine: string, ...command: readonly string[]): Ended =>
  run(LAB, ['exec', '--workspace', workspace.dir, machine, '--', ...command]);

export const machines = (): Machine[] => z.array(machineShape).parse(JSON.parse(lab('status', '--json').stdout));

export const kubectl = (server: string, ...args: readonly string[]): Ended =>
  inside(server, '/var/lib/rancher/rke2/bin/kubectl', '--kubeconfig', '/etc/rancher/rke2/rke2.yaml', ...args);

/** Names of a cluster's nodes by whether they are Ready. */
export function nodes(server: string): Record<string, string> {
  const rows = kubectl(server, 'get', 'nodes', '--no-headers').stdout.split('\n');
  return Object.fromEntries(rows.flatMap((it) => (it === '' ? [] : [it.split(/\s+/).slice(0, 2)])));
}

/** Terraform in the folder of a stack, as whoever runs the environment uses it. */
export const terraform = (stack: string, ...args: readonly string[]): Ended =>
  run('terraform', [`-chdir=${path.join(workspace.stacks, stack)}`, ...args], {
    TF_CLI_CONFIG_FILE: workspace.terraformSettings,
    REHEARSAL_DIR: workspace.dir,
  });

/** A folder with the example's data, changed. */
export function changedData(...edits: readonly (readonly [before: string, after: string])[]): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drover-metal-'));
  const text = edits.reduce(
    (now, [before, after]) => {
      if (!now.includes(before)) throw new Error(`the example does not hold '${before}'`);
      return now.replace(before, after);
    },
    fs.readFileSync('environments/lab.yaml', 'utf8'),
  );
  fs.writeFileSync(path.join(folder, 'lab.yaml'), text);
  return folder;
}
