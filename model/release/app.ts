import { readdirSync } from 'node:fs';
import { basename, extname, join, relative } from 'node:path';
import { wrongExtension } from '../errors';
import { notAllowed, type Problem } from '../problem';
import { whyUnreadable } from '../unreadable';
import { appSpec, type AppSpec } from './app-spec';
import { type InvalidReleaseError, sharedAppName, unreadableApps } from './errors';
import { readReleaseFile } from './release-file';

const EXTENSION = '.yaml';

/** One application, checked by itself, with all defaults filled in. */
export interface App {
  /** File it was read from, relative to the working directory. */
  readonly file: string;
  readonly spec: AppSpec;
  /** The error that says what is wrong with it where it goes. */
  readonly invalid: (problems: readonly Problem[]) => InvalidReleaseError;
}

/**
 * Reads all applications of a folder such as `releases/apps`, in the order of their names.
 * @throws InvalidReleaseError with every problem of the first file that has one
 * @throws ModelError if the folder or a file cannot be read, would be passed over, or two describe one application
 */
export function loadApps(folder: string): App[] {
  const files = filesIn(folder);
  const other = files.find((file) => extname(file) === '.yml');
  if (other !== undefined) throw wrongExtension(relative('', join(folder, other)), basename(other, '.yml') + EXTENSION);
  const read = files.filter((file) => extname(file) === EXTENSION).sort();
  const apps = read.map((file) => loadApp(join(folder, file)));
  const seen = new Map<string, string>();
  for (const { spec, file } of apps) {
    const other = seen.get(spec.name);
    if (other !== undefined) throw sharedAppName(spec.name, other, file);
    seen.set(spec.name, file);
  }
  return apps;
}

/** Reads one application. Throws as `loadApps` does. */
export function loadApp(path: string): App {
  const { file, value, invalid } = readReleaseFile(path, appSpec, 'an application');
  const expected = basename(path, EXTENSION);
  const { min, max } = value.scaling;
  const problems: Problem[] = [
    ...(value.name === expected
      ? []
      : [notAllowed(['name'], value.name, `must be the name of the file, "${expected}"`)]),
    ...(min <= max ? [] : [notAllowed(['scaling', 'min'], min, `must not exceed max (${max})`)]),
  ];
  if (problems.length > 0) throw invalid(problems);
  return { file, spec: value, invalid };
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw unreadableApps(relative('', folder), whyUnreadable(error));
  }
}
