#!/usr/bin/env node
// Starts `drover` from its sources: bundles them, which takes a tenth of a second, and runs the result.
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const MISSING_PREREQUISITE = 3;
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** As `engines` of package.json: cdktf's terminal library has no build for other versions. */
function isSupported(version) {
  const [major, minor] = version.split('.').map(Number);
  return (major === 20 && minor >= 9) || major === 21 || major === 22;
}

function stop(message) {
  process.stderr.write(`drover: ${message}\n`);
  process.exit(MISSING_PREREQUISITE);
}

async function load(name) {
  try {
    return await import(name);
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return stop(`the project's dependencies are not installed ('${name}' is missing); run 'npm ci' in '${root}'`);
  }
}

if (!isSupported(process.versions.node)) {
  stop(
    `Node.js '${process.versions.node}' does not work with cdktf; install 20.9 or newer, or 22: https://nodejs.org/en/download`,
  );
}
if (!existsSync(path.join(root, 'node_modules', 'commander'))) {
  stop(`the project's dependencies are not installed; run 'npm ci' in '${root}'`);
}
const { build } = await load('esbuild');
const bundle = path.join(root, 'dist', 'drover.cjs');
try {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'cli', 'drover.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: process.env.DROVER_DEBUG ? 'inline' : false,
    logLevel: 'error',
    write: false,
  });
  // A rename, because another drover may be reading the bundle.
  const draft = `${bundle}.${process.pid}`;
  mkdirSync(path.dirname(bundle), { recursive: true });
  writeFileSync(draft, outputFiles[0].contents);
  renameSync(draft, bundle);
} catch (error) {
  stop(`it cannot be built from its sources: ${error instanceof Error ? error.message : String(error)}`);
}
process.env.DROVER_ROOT = root;
await import(pathToFileURL(bundle).href);
