import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { projectPath } from '../core/project-path';
import { emptyBundle, noSuchFile } from './errors';
import { ustar } from './ustar';

/** The bootstrap scripts as one archive. */
export interface BundleArchive {
  readonly bytes: Buffer;
  /** Checksum of `bytes`, lower-case hex; equal on every machine that packs the same files. */
  readonly sha256: string;
  /** Paths in the archive, sorted. */
  readonly files: readonly string[];
}

/** A file from elsewhere in the project. */
export interface FurtherFile {
  /** Path in the archive. */
  readonly path: string;
  /** Absolute path; it does not reach the archive. */
  readonly file: string;
}

/** Name of the archive's file. */
const FILE = 'bootstrap.tar';

/** What other ways bring to a machine, or what only people read: a change of it must not renew machines. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'fetch.sh',
  'fetch-azure.sh',
  'await-ready.sh',
  'enter.sh',
  'preflight.sh',
  'README.md',
]);

/**
 * Packs the scripts of a folder as they are: sorted, without times and owners, scripts executable, not compressed.
 * @param userdataDir absolute path; it does not reach the archive
 * @param further files beside it, such as an environment's hooks
 * @throws when the folder holds no `run.sh`, or a further file is none
 */
export function packBundle(userdataDir: string, further: readonly FurtherFile[] = []): BundleArchive {
  const own = readdirSync(userdataDir, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile() && !it.name.startsWith('.') && !it.name.endsWith('.pyc'))
    .map((it) => relative(userdataDir, join(it.parentPath, it.name)).split(sep).join('/'))
    .filter((it) => !LEFT_OUT.has(it))
    .map((path): FurtherFile => ({ path, file: join(userdataDir, path) }));
  if (!own.some(({ path }) => path === 'run.sh')) throw emptyBundle(userdataDir);
  // By code unit: the order must not depend on a locale.
  const files = [...own, ...further].sort((a, b) => (a.path < b.path ? -1 : 1));
  const bytes = ustar(
    files.map(({ path, file }) => ({ path, mode: path.endsWith('.sh') ? 0o755 : 0o644, content: contentOf(file) })),
  );
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), files: files.map(({ path }) => path) };
}

function contentOf(file: string): Buffer {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) throw noSuchFile(file);
  return readFileSync(file);
}

/**
 * An asset is copied from a file. It is named by its content, so that synths at the same time can't harm each other.
 * @returns its absolute path
 */
export function archiveFile(bytes: Uint8Array, sha256: string): string {
  const folder = projectPath('dist', 'bundle', sha256);
  const file = join(folder, FILE);
  const unfinished = join(folder, `${FILE}.${process.pid}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(unfinished, bytes);
  renameSync(unfinished, file);
  return file;
}
