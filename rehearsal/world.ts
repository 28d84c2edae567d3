import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { errorCode } from './error-code';
import { writing } from './workspace';

const record = z.looseObject({ type: z.string(), id: z.string(), provider: z.string(), scope: z.string() });

/** An object of the simulated world, as far as one looks at it from outside. */
export interface WorldObject {
  readonly type: string;
  readonly id: string;
  readonly file: string;
  /** Whether it existed before Terraform, as a precondition. */
  readonly isPrecondition: boolean;
}

/** An object that exists before Terraform. */
export interface Precondition {
  readonly type: string;
  readonly id: string;
  /** Where its name is unique; a region on AWS. */
  readonly scope: string;
  readonly attrs: Readonly<Record<string, unknown>>;
  /** What the cloud holds and shows nobody. */
  readonly secrets: Readonly<Record<string, unknown>>;
}

/** As in rehearsal/provider/kept.go. */
const KEPT = '.deleted';
const PRECONDITION = 'precondition';
/** As in rehearsal/provider/world.go. */
const SHOWN_ID_LENGTH = 80;

/** Every object that there is. Folders whose name begins with a dot are the provider's own notes. */
export function listWorld(world: string): WorldObject[] {
  const types = existsSync(world) ? readdirSync(world).filter((it) => !it.startsWith('.')) : [];
  return types.sort().flatMap((type) => {
    const files = readdirSync(path.join(world, type)).filter((it) => it.endsWith('.json') && !it.startsWith('.'));
    return files.sort().map((name) => readObject(path.join(world, type, name)));
  });
}

/** What the cloud keeps of deleted objects, so that they can be brought back: no object, but its name stays taken. */
export function listKept(world: string): Pick<WorldObject, 'type' | 'id'>[] {
  return listWorld(path.join(world, KEPT)).map(({ type, id }) => ({ type, id }));
}

/** Puts an object into the world, if there is none of that name. Answers whether there was none. */
export function addPrecondition(world: string, object: Precondition): boolean {
  const file = fileOf(world, object);
  const draft = path.join(path.dirname(file), `.new-${randomBytes(6).toString('hex')}`);
  return writing(file, () => {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, contentOf(object), { mode: 0o600 });
    try {
      linkSync(draft, file);
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    } finally {
      unlinkSync(draft);
    }
  });
}

/** Puts an object into the world, or makes the one of that name be so. */
export function putPrecondition(world: string, object: Precondition): void {
  if (addPrecondition(world, object)) return;
  const file = fileOf(world, object);
  const draft = path.join(path.dirname(file), `.new-${randomBytes(6).toString('hex')}`);
  writing(file, () => {
    writeFileSync(draft, contentOf(object), { mode: 0o600 });
    renameSync(draft, file);
  });
}

const contentOf = (object: Precondition): string =>
  JSON.stringify({ ...object, provider: PRECONDITION, precondition: true }, null, 1);

/** Takes the preconditions out of the world. */
export function removePreconditions(world: string): void {
  for (const { file } of listWorld(world).filter((it) => it.isPrecondition)) rmSync(file, { force: true });
}

function readObject(file: string): WorldObject {
  const { type, id, provider } = record.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { type, id, file, isPrecondition: provider === PRECONDITION };
}

/** As the provider names it, so that the provider finds it. */
function fileOf(world: string, { type, id, scope }: Precondition): string {
  const shown = id.replace(/[^A-Za-z0-9._-]+/g, '_').slice(-SHOWN_ID_LENGTH);
  const stem = shown.replace(/^\./, '_');
  const hash = createHash('sha256').update(`${scope}|${id}`).digest('hex').slice(0, 8);
  return path.join(world, type, `${stem}~${hash}.json`);
}
