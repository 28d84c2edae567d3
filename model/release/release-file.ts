import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { z } from 'zod';
import type { Problem } from '../problem';
import { checkSchema } from '../schema-problems';
import { whyUnreadable } from '../unreadable';
import { YamlSource } from '../yaml-source';
import { InvalidReleaseError, unreadableRelease } from './errors';

/** A checked file below `releases/` that still knows where everything stands in it. */
export interface ReleaseFile<T> {
  /** Name relative to the working directory. */
  readonly file: string;
  readonly value: T;
  /** The error that says these problems with their places. */
  readonly invalid: (problems: readonly Problem[]) => InvalidReleaseError;
}

/**
 * Reads a YAML file and checks it against a schema.
 * @param what what the file describes, as a message asks for it
 * @throws InvalidReleaseError with every problem of the file, each with its line and column
 * @throws ModelError if the file cannot be read
 */
export function readReleaseFile<T extends z.ZodType>(path: string, schema: T, what: string): ReleaseFile<z.output<T>> {
  const file = relative('', path);
  const source = sourceOf(path, file, what);
  const read = source.read();
  if ('problems' in read) throw new InvalidReleaseError(read.problems);
  const invalid = (problems: readonly Problem[]): InvalidReleaseError =>
    new InvalidReleaseError(problems.map((problem) => source.locate(problem)));
  const checked = checkSchema(schema, read.value);
  if ('problems' in checked) throw invalid(checked.problems);
  return { file, value: checked.value, invalid };
}

/** Every cluster asks for the same files again, and parsing one costs more than composing a server. */
const sources = new Map<string, { readonly text: string; readonly source: YamlSource }>();

function sourceOf(path: string, file: string, what: string): YamlSource {
  const text = textOf(path);
  const known = sources.get(path);
  if (known?.text === text) return known.source;
  const source = new YamlSource(text, file, what);
  sources.set(path, { text, source });
  return source;
}

/**
 * Text of a file below `releases/`.
 * @throws ModelError if the file cannot be read
 */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadableRelease(relative('', path), whyUnreadable(error));
  }
}
