import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { goBuildFailed } from './errors';
import type { Interruption } from './interruption';
import { checkGo } from './prerequisites';
import { run, type ProcessEnvironment } from './process';

/** What is needed to build a Go program of the rehearsal. */
export interface BuildGoOptions {
  readonly projectRoot: string;
  readonly env: ProcessEnvironment;
  readonly interruption: Interruption;
  /** Receives one line when a build is needed: it may take a minute. */
  readonly say: (line: string) => void;
}

/** A Go program: its own module below `rehearsal/`. */
export interface GoProgram {
  /** Folder of the module, below `rehearsal/`. */
  readonly folder: string;
  readonly name: string;
  /** What it is, for people. */
  readonly what: string;
}

/** Builds a program if a source is newer than it, and says where it is. */
export async function buildGo(program: GoProgram, options: BuildGoOptions): Promise<string> {
  const folder = path.join(options.projectRoot, 'rehearsal', program.folder);
  const binary = path.join(folder, 'bin', program.name);
  const newest = Math.max(...modules(folder).map(newestSource));
  if (existsSync(binary) && newest <= statSync(binary).mtimeMs) return binary;
  // Which Go may be used is the person's choice: the go command itself honours GOTOOLCHAIN.
  const version = await checkGo(folder, options.env);
  options.say(`building ${program.what} with Go ${version} (once; about a minute)`);
  const { code, stdout, stderr } = await run(
    {
      command: 'go',
      args: ['build', '-trimpath', '-o', binary, '.'],
      cwd: folder,
      // A host's libraries are not this machine's.
      env: { ...options.env, CGO_ENABLED: '0' },
    },
    options.interruption,
  );
  if (code !== 0) throw goBuildFailed(program.what, stderr + stdout);
  return binary;
}

/** The module and those of its neighbours that its go.mod puts in place of published ones. */
function modules(folder: string): string[] {
  const file = path.join(folder, 'go.mod');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const neighbours = [...text.matchAll(/^(?:replace )?\s*\S+ => (\.\S*)$/gm)].map(([, it = '']) =>
    path.join(folder, it),
  );
  return [folder, ...neighbours];
}

/** Time of the newest file that the build reads. */
function newestSource(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true }).map((it) => {
    const file = path.join(folder, it.name);
    if (it.isDirectory()) return it.name === 'bin' ? 0 : newestSource(file);
    return isRead(it.name) ? statSync(file).mtimeMs : 0;
  });
  return Math.max(0, ...times);
}

/** Go embeds files of any kind. */
const isRead = (name: string): boolean => !name.endsWith('_test.go') && !name.endsWith('.md');
