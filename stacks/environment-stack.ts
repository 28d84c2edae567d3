import { AzurermBackend, S3Backend, type S3BackendConfig, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Environment } from '../model/environment';
import { unreachable } from '../model/errors';
import type { PlatformName } from '../model/spec/site';

/** Oldest Terraform that has ephemeral values, write-only arguments and S3 lock files. */
const REQUIRED_TERRAFORM = '>= 1.11.0';

/** One lifecycle of an environment with one state of its own. */
export abstract class EnvironmentStack extends TerraformStack {
  /** The platforms that are configured in it, each with the site that it works in. */
  public readonly platformSites = new Map<PlatformName, string>();

  protected constructor(
    scope: Construct,
    name: string,
    public readonly environment: Environment,
  ) {
    super(scope, name);
    this.addOverride('terraform.required_version', REQUIRED_TERRAFORM);
    this.keepState(name);
  }

  private keepState(name: string): void {
    const { state } = this.environment;
    switch (state.kind) {
      case 's3': {
        const backend = new S3Backend(this, {
          bucket: state.bucket,
          key: `${this.environment.name}/${name}.tfstate`,
          region: state.region,
          ...(state.kmsKeyId === undefined ? {} : { encrypt: true, kmsKeyId: state.kmsKeyId }),
          ...(state.endpoint === undefined ? {} : ownStore(state.endpoint)),
        });
        // Missing in the types of cdktf 0.21; Terraform has it since 1.10 (https://developer.hashicorp.com/terraform/language/backend/s3).
        backend.addOverride('use_lockfile', true);
        return;
      }
      case 'azurerm': {
        const { subscriptionId } = state;
        const backend = new AzurermBackend(this, {
          resourceGroupName: state.resourceGroup,
          storageAccountName: state.storageAccount,
          containerName: state.container,
          key: `${this.environment.name}/${name}.tfstate`,
          ...(subscriptionId === undefined ? {} : { subscriptionId }),
        });
        // Missing in the types of cdktf 0.21. The account takes no keys, only identities.
        backend.addOverride('use_azuread_auth', true);
        return;
      }
      default:
        return unreachable('state', state);
    }
  }
}

/** A store that speaks the protocol of S3 and is not AWS: it knows no accounts, regions and metadata. */
function ownStore(endpoint: string): Partial<S3BackendConfig> {
  return {
    endpoints: { s3: endpoint },
    usePathStyle: true,
    skipCredentialsValidation: true,
    skipRequestingAccountId: true,
    skipRegionValidation: true,
    skipMetadataApiCheck: true,
  };
}
