#!/usr/bin/env node
// Starts `drover` from its sources, bundled anew when one of them has changed.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleOf } from '../tools/bundle.mjs';

const MISSING_PREREQUISITE = 3;
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const NOT_INSTALLED = `the project's dependencies are not installed; run 'npm ci' in '${root}'`;

/** As `engines` of package.json: cdktf's terminal library has no build for other versions. */
function isSupported(version) {
  const [major, minor] = version.split('.').map(Number);
  return (major === 20 && minor >= 9) || major === 21 || major === 22;
}

function stop(message) {
  process.stderr.write(`drover: ${message}\n`);
  process.exit(MISSING_PREREQUISITE);
}

async function bundle() {
  try {
    return await bundleOf('cli/drover.ts');
  } catch (error) {
    const isMissing = error?.code === 'ERR_MODULE_NOT_FOUND';
    return stop(isMissing ? NOT_INSTALLED : `it cannot be built from its sources: ${error?.message ?? error}`);
  }
}

if (!isSupported(process.versions.node)) {
  stop(
    `Node.js '${process.versions.node}' does not work with cdktf; install 20.9 or newer, or 22: https://nodejs.org/en/download`,
  );
}
if (!existsSync(path.join(root, 'node_modules', 'commander'))) {
  stop(NOT_INSTALLED);
}
process.env.DROVER_ROOT = root;
createRequire(import.meta.url)(await bundle());
