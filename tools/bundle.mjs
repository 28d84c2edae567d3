// Bundles an entry point into one file under dist/, which Node loads many times faster than its sources.
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** What tells a file that has changed from one that has not; a restored older file counts as changed. */
function stamp(file, started = Infinity) {
  const found = statSync(path.join(root, file), { throwIfNoEntry: false });
  if (!found) return 'gone';
  return found.mtimeMs < started ? `${found.mtimeMs} ${found.size}` : 'changed while it was read';
}

/** Which version of every package is installed. */
const INSTALLED = path.join('node_modules', '.package-lock.json');

function isFresh(bundle, note) {
  if (!existsSync(bundle) || !existsSync(note)) return false;
  try {
    return Object.entries(JSON.parse(readFileSync(note, 'utf8'))).every(([file, before]) => stamp(file) === before);
  } catch {
    return false; // a note that cannot be read says nothing
  }
}

/** A rename, because another process may be reading the file. */
function publish(file, content) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content);
  renameSync(draft, file);
}

/**
 * The bundle of an entry point such as `main.ts`, made anew when one of its sources has changed.
 * Throws what esbuild says against the sources, or ERR_MODULE_NOT_FOUND where it is not installed.
 */
export async function bundleOf(entry) {
  const name = path.basename(entry, '.ts');
  const withMap = Boolean(process.env.DROVER_DEBUG);
  const bundle = path.join(root, 'dist', withMap ? `${name}.debug.cjs` : `${name}.cjs`);
  const note = `${bundle}.inputs.json`;
  if (isFresh(bundle, note)) return bundle;

  const { build } = await import('esbuild');
  const started = Date.now();
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: withMap ? 'inline' : false,
    logLevel: 'error',
    metafile: true,
    write: false,
  });
  const inputs = [INSTALLED, ...Object.keys(metafile.inputs)].map((file) => [file, stamp(file, started)]);
  mkdirSync(path.dirname(bundle), { recursive: true });
  publish(bundle, outputFiles[0].contents);
  publish(note, JSON.stringify(Object.fromEntries(inputs)));
  return bundle;
}
