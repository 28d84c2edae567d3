import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConstructError } from './errors';

/** File that marks the root of the project. */
const MARKER = 'cdktf.json';

/**
 * Absolute path of a file of this project, for reading at synth; it must not reach the output.
 * The program runs as one bundled file, so its own place says nothing about the sources.
 * @throws when neither the working directory nor one above it is the project's
 */
export function projectPath(...parts: readonly string[]): string {
  return join(rootAbove(process.cwd()), ...parts);
}

function rootAbove(folder: string): string {
  if (existsSync(join(folder, MARKER))) return folder;
  const parent = dirname(folder);
  if (parent === folder) {
    throw new ConstructError(`no '${MARKER}' in '${process.cwd()}' or above it; run Drover inside its project`);
  }
  return rootAbove(parent);
}
