import { existsSync, readdirSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { providerBuildFailed } from './errors';
import type { Interruption } from './interruption';
import { checkGo } from './prerequisites';
import { run, type ProcessEnvironment } from './process';

/** What is needed to build the simulated provider. */
export interface BuildProviderOptions {
  readonly projectRoot: string;
  readonly env: ProcessEnvironment;
  readonly interruption: Interruption;
  /** Receives one line when a build is needed: it may take a minute. */
  readonly say: (line: string) => void;
}

/** Builds the simulated provider if a source is newer than the program, and says where the program is. */
export async function buildProvider(options: BuildProviderOptions): Promise<string> {
  const folder = path.join(options.projectRoot, 'rehearsal', 'provider');
  const binary = path.join(folder, 'bin', 'drover-provider');
  if (existsSync(binary) && newestSource(folder) <= statSync(binary).mtimeMs) return binary;
  // Which Go may be used is the person's choice: the go command itself honours GOTOOLCHAIN.
  const version = await checkGo(folder, options.env);
  options.say(`building the simulated provider with Go ${version} (once; about a minute)`);
  const { code, stdout, stderr } = await run(
    { command: 'go', args: ['build', '-trimpath', '-o', binary, '.'], cwd: folder, env: options.env },
    options.interruption,
  );
  if (code !== 0) throw providerBuildFailed(stderr + stdout);
  return binary;
}

/** Time of the newest file that the build reads. */
function newestSource(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true }).map((it) => {
    const file = path.join(folder, it.name);
    if (it.isDirectory()) return it.name === 'bin' ? 0 : newestSource(file);
    return /\.(go|mod|sum|json)$/.test(it.name) && !it.name.endsWith('_test.go') ? statSync(file).mtimeMs : 0;
  });
  return Math.max(0, ...times);
}
