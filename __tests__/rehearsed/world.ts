import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { readStackFolders } from '../../rehearsal/synthesized';
import type { Workspace } from '../../rehearsal/workspace';
import { listWorld } from '../../rehearsal/world';

/** What is in the cloud and in the states: equal only while nobody has changed either. */
export function fingerprint({ world, state }: Workspace): string {
  const files = [world, state].flatMap((folder) =>
    fs.existsSync(folder)
      ? fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((it) => path.join(folder, it))
      : [],
  );
  const notes = files.sort().flatMap((file) => {
    const { mtimeMs, size } = fs.statSync(file);
    return fs.statSync(file).isFile() && !file.endsWith('.lock.info') ? [`${file} ${mtimeMs} ${size}`] : [];
  });
  return createHash('sha256').update(notes.join('\n')).digest('hex');
}

/** Files of the objects that Terraform made, each named after its type and id. */
export function madeObjects({ world }: Workspace): string[] {
  const made = listWorld(world).filter((it) => !it.isPrecondition);
  return made.map((it) => path.relative(world, it.file)).sort();
}

/** How many objects of each type Terraform made. */
export function madeByType({ world }: Workspace): Record<string, number> {
  return countByName(listWorld(world).flatMap((it) => (it.isPrecondition ? [] : [it.type])));
}

/** How many resources of each type the synthesized stacks have; Terraform's own never reach a cloud. */
export function wantedByType({ out }: Workspace): Record<string, number> {
  const blocks = readStackFolders(out).flatMap(({ content }) => Object.entries(content.resource ?? {}));
  const types = blocks.flatMap(([type, byName]) => Object.keys(byName).map(() => type));
  return countByName(types.filter((type) => type !== 'terraform_data'));
}

function countByName(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
