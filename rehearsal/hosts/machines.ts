import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { seconds } from '../progress';
import { table } from '../report';

const step = z.object({ name: z.string(), started: z.string(), seconds: z.number(), result: z.string() });

/** What the lab says of a machine; `bootstrap` is the report that the machine itself keeps. */
const machine = z.object({
  id: z.string(),
  name: z.string(),
  group: z.string().default(''),
  state: z.string(),
  lifecycle: z.string().default(''),
  launched: z.string(),
  bootstrap: z
    .object({ started: z.string(), updated: z.string(), result: z.string(), steps: z.array(step) })
    .nullable()
    .default(null),
});
export type Machine = z.output<typeof machine>;

/** Every machine that the lab has or had, by name; one that is being written is left out. */
export function readMachines(workspace: string): Machine[] {
  const folder = path.join(workspace, 'lab', 'machines');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((it) => it.endsWith('.json'));
  return files
    .map((it) => machine.parse(JSON.parse(readFileSync(path.join(folder, it), 'utf8'))))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Launch to cloud-init, each step, launch to Ready: a row a machine that still is. */
export function machineTable(machines: readonly Machine[]): string {
  const rows = machines
    .filter((it) => it.state !== 'terminated')
    .map((it) => [it.name, it.lifecycle || it.state, ...times(it), it.bootstrap?.result ?? '-', stepsOf(it)]);
  return table(
    [['machine', 'state', 'boot', 'total', 'bootstrap', 'steps'], ...rows],
    ['left', 'left', 'right', 'right', 'left', 'left'],
  );
}

function times({ launched, bootstrap }: Machine): [boot: string, total: string] {
  if (bootstrap === null) return ['-', '-'];
  const since = (time: string): string => seconds(Math.max(0, Date.parse(time) - Date.parse(launched)));
  return [since(bootstrap.started), bootstrap.result === 'running' ? '-' : since(bootstrap.updated)];
}

const stepsOf = ({ bootstrap }: Machine): string =>
  (bootstrap?.steps ?? [])
    .map((it) => `${it.name} ${it.seconds}s${it.result === 'ok' ? '' : ` (${it.result})`}`)
    .join(', ');
