import { coerce, gte, parse } from 'semver';
import { z } from 'zod';
import { RehearsalError, goMissing, goTooOld, terraformMissing, terraformTooOld, terraformUnreadable } from './errors';
import { run, type Finished, type ProcessEnvironment } from './process';

/** Oldest Terraform with ephemeral values and write-only arguments: https://github.com/hashicorp/terraform/blob/v1.11/CHANGELOG.md */
const OLDEST_TERRAFORM = '1.11.0';
/** What the simulated provider's go.mod asks for. */
const OLDEST_GO = '1.25.0';

const versionOutput = z.object({ terraform_version: z.string() });

/** Checks Terraform on the PATH and says its version. */
export async function checkTerraform(cwd: string, env: ProcessEnvironment): Promise<string> {
  const { stdout } = await runOr(terraformMissing(), 'terraform', ['version', '-json'], cwd, env);
  const version = readVersion(stdout);
  if (version === undefined) throw terraformUnreadable(stdout);
  // A pre-release of the oldest version is as good as it: only the numbers count.
  if (!gte(coerce(version) ?? version, OLDEST_TERRAFORM)) throw terraformTooOld(version, '1.11');
  return version;
}

/** Checks Go on the PATH and says its version. Only needed where the simulated provider has to be built. */
export async function checkGo(cwd: string, env: ProcessEnvironment): Promise<string> {
  const missing = goMissing('1.25');
  const { stdout } = await runOr(missing, 'go', ['env', 'GOVERSION'], cwd, env);
  const version = coerce(stdout)?.version;
  if (version === undefined) throw missing;
  if (!gte(version, OLDEST_GO)) throw goTooOld(version, '1.25');
  return version;
}

function readVersion(text: string): string | undefined {
  try {
    const { terraform_version: version } = versionOutput.parse(JSON.parse(text));
    return parse(version) === null ? undefined : version;
  } catch {
    return undefined;
  }
}

async function runOr(
  missing: RehearsalError,
  command: string,
  args: readonly string[],
  cwd: string,
  env: ProcessEnvironment,
): Promise<Finished> {
  try {
    return await run({ command, args, cwd, env });
  } catch (error) {
    if (error instanceof RehearsalError) throw missing;
    throw error;
  }
}
