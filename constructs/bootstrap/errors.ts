import { ConstructError } from '../core/errors';

/** One part of user data and what it costs. */
export interface SizePart {
  readonly name: string;
  readonly bytes: number;
}

const quoted = (names: readonly string[]): string => names.map((it) => `'${it}'`).join(', ');

/** User data that its platform would refuse at apply. */
export const userDataTooLarge = (
  what: string,
  bytes: number,
  limit: { readonly bytes: number; readonly source: string },
  parts: readonly SizePart[],
): ConstructError =>
  new ConstructError(
    `user data of ${what} has ${bytes} bytes, at most ${limit.bytes} are allowed (${limit.source}); ` +
      `${parts.map((it) => `${it.name}: ${it.bytes}`).join(', ')}; shorten the largest part, or let a step fetch it`,
  );

/** A setting that would break the line it stands in. */
export const unsafeSetting = (name: string, value: string, what: string): ConstructError =>
  new ConstructError(
    `setting '${name}' of ${what} is ${JSON.stringify(value)}; control characters such as line breaks are not allowed, give one line of text`,
  );

/** A setting that no script reads. */
export const unknownSetting = (name: string, what: string): ConstructError =>
  new ConstructError(
    `setting '${name}' of ${what} is not one that the bootstrap knows; allowed are the names in 'userdata/README.md'`,
  );

/** Settings without which a step would stop on the machine. */
export const missingSettings = (step: string, names: readonly string[], what: string): ConstructError =>
  new ConstructError(
    `step '${step}' of ${what} needs ${quoted(names)}, which ${names.length === 1 ? 'is' : 'are'} not set; set ${names.length === 1 ? 'it' : 'them'} or leave the step out`,
  );

/** A file that the bundle can't hold. */
export const bundlePathTooLong = (path: string): ConstructError =>
  new ConstructError(
    `path '${path}' in the bootstrap bundle has ${Buffer.byteLength(path)} bytes, at most 100 are allowed (ustar name field, POSIX.1-1988); shorten it`,
  );

/** A file that the bundle was to hold. */
export const noSuchFile = (file: string): ConstructError =>
  new ConstructError(`no file '${file}' for the bootstrap bundle; add it, or leave it out of the 'hooks' that name it`);

/** A folder that is no bundle. */
export const emptyBundle = (folder: string): ConstructError =>
  new ConstructError(`no 'run.sh' in the bootstrap folder '${folder}'; give the project's 'userdata' folder`);
