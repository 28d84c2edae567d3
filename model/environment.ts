import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join, relative } from 'node:path';
import {
  InvalidEnvironmentError,
  noEnvironments,
  noSuchEnvironment,
  sharedStackName,
  unreadableEnvironment,
  wrongExtension,
} from './errors';
import { notAllowed } from './problem';
import type { Problem } from './problem';
import { rules } from './rules/all';
import { checkSchema } from './schema-problems';
import { environmentSpec } from './spec/environment';
import type { EnvironmentSpec } from './spec/environment';
import { stackNamesOf } from './stack-names';
import { whyUnreadable } from './unreadable';
import { YamlSource } from './yaml-source';

const EXTENSION = '.yaml';

/** One environment, checked, with all defaults filled in. */
export type Environment = Readonly<EnvironmentSpec> & {
  /** File it was read from, relative to the working directory. */
  readonly file: string;
};

/**
 * Reads one environment.
 * @throws InvalidEnvironmentError with every problem of the file, each with its line and column
 * @throws ModelError if the file cannot be read
 */
export function loadEnvironment(file: string): Environment {
  return parseEnvironment(readText(file), relative('', file));
}

/**
 * Reads all environments of a folder, or only the one of that name, in the order of their names.
 * @throws InvalidEnvironmentError with every problem of all files
 * @throws ModelError for an empty folder, an unknown name, and two environments that would share a state
 */
export function loadEnvironments(dir: string, only?: string): Environment[] {
  const names = environmentNames(dir);
  if (names.length === 0) throw noEnvironments(dir);
  if (only !== undefined && !names.includes(only)) throw noSuchEnvironment(only, dir, names);
  const wanted = only === undefined ? names : [only];
  const environments = allOrEveryProblem(wanted.map((name) => () => loadEnvironment(join(dir, name + EXTENSION))));
  refuseSharedStacks(environments);
  return environments;
}

/**
 * Checks the text of an environment. Rules between fields are checked once every field by itself is right; unknown
 * keys do not hold them up.
 * @param file the file's name as messages show it; without its extension it must be the environment's name
 */
export function parseEnvironment(text: string, file: string): Environment {
  const source = new YamlSource(text, file, 'an environment');
  const read = source.read();
  if ('problems' in read) throw new InvalidEnvironmentError(read.problems);
  const checked = checkSchema(environmentSpec, read.value);
  const found: Problem[] = 'problems' in checked ? [...checked.problems] : [];
  const spec = checked.value;
  if (spec !== undefined) found.push(...wrongFileName(spec, file), ...rules.flatMap((rule) => rule.check(spec)));
  if (spec === undefined || found.length > 0) {
    const located = found.map((problem) => source.locate(problem));
    located.sort((one, other) => one.line - other.line || one.column - other.column);
    throw new InvalidEnvironmentError(located);
  }
  return { ...spec, file };
}

function wrongFileName(spec: EnvironmentSpec, file: string): Problem[] {
  const expected = basename(file, EXTENSION);
  if (spec.name === expected) return [];
  return [notAllowed(['name'], spec.name, `must be the name of the file, "${expected}"`)];
}

function environmentNames(dir: string): string[] {
  const files = orUnreadable(dir, () => readdirSync(dir));
  const other = files.find((file) => extname(file) === '.yml');
  if (other !== undefined) throw wrongExtension(join(dir, other), basename(other, '.yml') + EXTENSION);
  return files
    .filter((file) => extname(file) === EXTENSION)
    .map((file) => basename(file, EXTENSION))
    .sort();
}

function allOrEveryProblem(loads: readonly (() => Environment)[]): Environment[] {
  const problems: InvalidEnvironmentError['problems'][number][] = [];
  const environments = loads.flatMap((load) => {
    try {
      return [load()];
    } catch (error) {
      if (!(error instanceof InvalidEnvironmentError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new InvalidEnvironmentError(problems);
  return environments;
}

function refuseSharedStacks(environments: readonly Environment[]): void {
  const owners = new Map<string, string>();
  for (const environment of environments) {
    for (const stack of stackNamesOf(environment)) {
      const owner = owners.get(stack);
      if (owner !== undefined) throw sharedStackName(stack, owner, environment.file);
      owners.set(stack, environment.file);
    }
  }
}

function readText(file: string): string {
  return orUnreadable(file, () => readFileSync(file, 'utf8'));
}

function orUnreadable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unreadableEnvironment(file, whyUnreadable(error));
  }
}
