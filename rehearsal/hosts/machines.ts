import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { seconds } from '../progress';
import { table } from '../report';
import { machineShape, type Machine, type Step } from './machine';

/** Every machine that the lab has or had, by name; one that is being written is left out. */
export function readMachines(workspace: string): Machine[] {
  const folder = path.join(workspace, 'lab', 'machines');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((it) => it.endsWith('.json'));
  return files
    .map((it) => machineShape.parse(JSON.parse(readFileSync(path.join(folder, it), 'utf8'))))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const heads = ['machine', 'state', 'boot', 'own', 'download', 'wait', 'total', 'bootstrap', 'steps'];

/**
 * A row a machine that still is: launch to the first step, what the steps themselves took, what they downloaded and how
 * long they waited for others or for Kubernetes, launch to the end; then each step, waiting included. Of a machine that was
 * there before, times count from its first step.
 */
export function machineTable(machines: readonly Machine[]): string {
  const rows = machines
    .filter((it) => it.state !== 'terminated')
    .map((it) => [it.name, it.lifecycle || it.state, ...times(it), it.bootstrap?.result ?? '-', stepsOf(it)]);
  return table(
    [heads, ...rows],
    heads.map((it) => (durations.includes(it) ? 'right' : 'left')),
  );
}

const durations = ['boot', 'own', 'download', 'wait', 'total'];

function times({ launched, isBare, bootstrap }: Machine): string[] {
  if (bootstrap === null) return durations.map(() => '-');
  // One that was there already has waited for its turn since.
  const begin = isBare ? bootstrap.started : launched;
  const since = (time: string): string => seconds(Math.max(0, Date.parse(time) - Date.parse(begin)));
  const sum = (part: (of: Step) => number): string =>
    seconds(bootstrap.steps.reduce((total, it) => total + part(it), 0) * 1000);
  return [
    isBare ? '-' : since(bootstrap.started),
    sum((it) => Math.max(0, it.seconds - it.waited - it.downloaded)),
    sum((it) => it.downloaded),
    sum((it) => it.waited),
    bootstrap.result === 'running' ? '-' : since(bootstrap.updated),
  ];
}

const stepsOf = ({ bootstrap }: Machine): string =>
  (bootstrap?.steps ?? [])
    .map((it) => `${it.name} ${seconds(it.seconds * 1000)}${it.result === 'ok' ? '' : ` (${it.result})`}`)
    .join(', ');
