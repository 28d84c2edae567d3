import * as path from 'node:path';
import type { Interruption } from '../rehearsal/interruption';
import type { ProcessEnvironment } from '../rehearsal/process';

/** Variables that name the data folders, and the folders' standard names. */
const ENVIRONMENTS = ['ENVIRONMENTS_DIR', 'environments'] as const;
const RELEASES = ['RELEASES_DIR', 'releases'] as const;

/** What a command knows of where it was started. */
export interface Context {
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: ProcessEnvironment;
  /** Writes to standard output. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  /** Width of the terminal. @default - standard output is no terminal */
  readonly columns?: number;
  readonly interruption: Interruption;
}

/** Folder of the environments, relative to where this process works, as messages show it. */
export const environmentsDir = (context: Context): string => path.relative('', dataDir(context, ...ENVIRONMENTS));

/** Folder of the releases, likewise. */
export const releasesDir = (context: Context): string => path.relative('', dataDir(context, ...RELEASES));

/** The variables of a child process that runs the program, which works in the project's folder. */
export function programEnvironment(context: Context): ProcessEnvironment {
  return {
    ...context.env,
    ENVIRONMENTS_DIR: dataDir(context, ...ENVIRONMENTS),
    RELEASES_DIR: dataDir(context, ...RELEASES),
  };
}

/** A person names a folder from where they stand; without a name it is the project's. */
function dataDir({ env, workingDirectory, projectRoot }: Context, variable: string, standard: string): string {
  const named = env[variable];
  return named === undefined || named === '' ? path.join(projectRoot, standard) : path.resolve(workingDirectory, named);
}
