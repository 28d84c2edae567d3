import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { seconds } from '../progress';
import { table } from '../report';

/** What the lab says of a Helm release. */
const release = z.object({
  name: z.string(),
  namespace: z.string(),
  cluster: z.string(),
  chart: z.string(),
  status: z.enum(['installing', 'deployed', 'failed', 'recorded']),
  revision: z.number(),
  message: z.string(),
  seconds: z.number().default(0),
});
export type Release = z.output<typeof release>;

/** Every release that the lab was asked for, by cluster and name. */
export function readReleases(workspace: string): Release[] {
  const folder = path.join(workspace, 'lab', 'releases');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((it) => it.endsWith('.json') && !it.startsWith('.'));
  return files
    .map((it) => release.parse(JSON.parse(readFileSync(path.join(folder, it), 'utf8'))))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

/** What was installed, and what was only recorded because its chart is not here; empty without releases. */
export function releaseTable(releases: readonly Release[]): string {
  if (releases.length === 0) return '';
  const rows = releases.map((it) => [it.name, it.cluster || '-', it.chart, resultOf(it)]);
  return table([['release', 'cluster', 'chart', 'result'], ...rows], ['left', 'left', 'left', 'left']);
}

function resultOf({ status, revision, message, seconds: took }: Release): string {
  switch (status) {
    case 'deployed':
      return `installed, revision ${revision} ready after ${seconds(took * 1000)}`;
    case 'recorded':
      return 'only recorded: its chart is not here';
    case 'failed':
      return `failed: ${message}`;
    case 'installing':
      return 'being installed';
  }
}

const sortKey = ({ cluster, namespace, name }: Release): string => [cluster, namespace, name].join('\n');
