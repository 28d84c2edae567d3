import { InvalidEnvironmentError, ModelError } from '../errors';

/** What a person wrote below `releases/` is wrong: every problem found, one a line. */
export class InvalidReleaseError extends InvalidEnvironmentError {
  public override readonly name = 'InvalidReleaseError';
}

export const unreadableRelease = (file: string, why: string): ModelError =>
  new ModelError(`cannot read '${file}': ${why}`);

export const noSuchChart = (name: string, file: string, known: readonly string[]): ModelError =>
  new ModelError(`no chart '${name}' in '${file}': known are ${known.map((it) => `'${it}'`).join(', ') || 'none'}`);

export const sharedAppName = (name: string, one: string, other: string): ModelError =>
  new ModelError(`'${one}' and '${other}' both describe the application '${name}': rename one of them`);
