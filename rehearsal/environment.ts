import type { ProcessEnvironment } from './process';
import type { Workspace } from './workspace';

const OWN_SETTINGS = /^(TF_.*|TERRAFORM_BINARY_NAME|SSH_AUTH_SOCK|SSH_AGENT_PID)$/;

/** What Terraform and cdktf run with: the simulated providers only, no questions, no calls home. */
export function rehearsalEnvironment(
  base: ProcessEnvironment,
  workspace: Workspace,
  hosts = false,
  agentSocket?: string,
): ProcessEnvironment {
  return {
    ...withoutOwnSettings(base),
    REHEARSAL_DIR: workspace.dir,
    ...(agentSocket === undefined ? {} : { SSH_AUTH_SOCK: agentSocket }),
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

/**
 * A person's own Terraform settings could name another workspace, provider cache or arguments; the keys of their SSH agent
 * open real machines.
 */
function withoutOwnSettings(base: ProcessEnvironment): ProcessEnvironment {
  return Object.fromEntries(Object.entries(base).filter(([name]) => !OWN_SETTINGS.test(name)));
}
