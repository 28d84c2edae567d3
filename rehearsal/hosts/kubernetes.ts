import { existsSync, mkdirSync } from 'node:fs';
import * as path from 'node:path';
import type { BuildGoOptions } from '../build-go';
import { checkGo } from '../prerequisites';
import { run } from '../process';
import { writing } from '../workspace';
import { packFailed } from './errors';

/**
 * Packs real Kubernetes as the archives that hosts install, unless the same sources are packed already.
 * @param versions RKE2 versions that they stand in for
 * @returns the folder that stands for the releases' address: a folder a version, with the archive and its checksums
 */
export async function packKubernetes(
  versions: readonly string[],
  cache: string,
  options: BuildGoOptions,
): Promise<string> {
  const folder = path.join(options.projectRoot, 'rehearsal', 'kube');
  const out = path.join(cache, 'releases');
  writing(out, () => mkdirSync(out, { recursive: true }));
  await checkGo(folder, options.env);
  for (const version of new Set(versions)) {
    if (!existsSync(path.join(out, version))) {
      options.say(`building Kubernetes ${version} for the hosts (once; five minutes on two cores)`);
    }
    const { code, stdout, stderr } = await run(
      { command: './pack.sh', args: [version, out], cwd: folder, env: options.env },
      options.interruption,
    );
    if (code !== 0) throw packFailed(stderr + stdout);
  }
  return out;
}
