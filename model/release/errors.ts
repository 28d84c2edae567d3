import { InvalidEnvironmentError, ModelError } from '../errors';

/** What a person wrote below `releases/` is wrong: every problem found, one a line. */
export class InvalidReleaseError extends InvalidEnvironmentError {
  public override readonly name = 'InvalidReleaseError';
}

export const unreadableRelease = (file: string, why: string): ModelError =>
  new ModelError(`cannot read '${file}': ${why}`);

export const unreadableApps = (folder: string, why: string): ModelError =>
  new ModelError(
    `cannot read the applications in '${folder}': ${why}; it is the folder 'apps' in the one that 'RELEASES_DIR' names, ` +
      `without that in 'releases', and may be empty`,
  );

export const noSuchChart = (name: string, file: string, known: readonly string[]): ModelError =>
  new ModelError(`no chart '${name}' in '${file}': known are ${known.map((it) => `'${it}'`).join(', ') || 'none'}`);

export const sharedAppName = (name: string, one: string, other: string): ModelError =>
  new ModelError(`'${one}' and '${other}' both describe the application '${name}': rename one of them`);
