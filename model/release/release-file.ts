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
 * @throws InvalidReleaseError with every problem of the file, each with its line and column
 * @throws ModelError if the file cannot be read
 */
export function readReleaseFile<T extends z.ZodType>(path: string, schema: T): ReleaseFile<z.output<T>> {
  const file = relative('', path);
  const source = new YamlSource(textOf(path), file);
  const read = source.read();
  if ('problems' in read) throw new InvalidReleaseError(read.problems);
  const invalid = (problems: readonly Problem[]): InvalidReleaseError =>
    new InvalidReleaseError(problems.map((problem) => source.locate(problem)));
  const checked = checkSchema(schema, read.value);
  if ('problems' in checked) throw invalid(checked.problems);
  return { file, value: checked.value, invalid };
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
