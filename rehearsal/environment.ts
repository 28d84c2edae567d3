import type { ProcessEnvironment } from './process';
import type { Workspace } from './workspace';

/** What Terraform and cdktf run with: the simulated providers only, no questions, no calls home. */
export function rehearsalEnvironment(
  base: ProcessEnvironment,
  workspace: Workspace,
  hosts = false,
): ProcessEnvironment {
  return {
    ...withoutTerraformSettings(base),
    REHEARSAL_DIR: workspace.dir,
    ...(hosts ? { REHEARSAL_HOSTS: '1' } : {}),
    TF_CLI_CONFIG_FILE: workspace.terraformSettings,
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
    // cdktf would put the simulated providers into the person's own plugin cache.
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1',
    CI: '1',
    NO_COLOR: '1',
    FORCE_COLOR: '0',
  };
}

/** A person's own Terraform settings could name another workspace, provider cache or arguments. */
function withoutTerraformSettings(base: ProcessEnvironment): ProcessEnvironment {
  return Object.fromEntries(
    Object.entries(base).filter(([name]) => !/^TF_/.test(name) && name !== 'TERRAFORM_BINARY_NAME'),
  );
}
