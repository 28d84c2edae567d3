import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { secretsOf } from '../../model/lookup';
import { physicalName, uniquePart } from '../../model/naming';
import type { Deployers } from './deployers';
import type { GroupPlace } from './group-place';

/** Whose secrets the vault holds. */
export interface SiteVaultProps extends GroupPlace {
  readonly environment: Environment;
  readonly siteName: string;
  readonly deployers: Deployers;
  /** Subnets whose machines may reach it. */
  readonly subnetIds: readonly string[];
}

/** Days that a deleted vault and its secrets can be brought back, and keep their names; the longest that Azure offers. */
const SOFT_DELETE_DAYS = 90;

/**
 * The Key Vault of a site. Whoever deploys gets a role here, in the first stack, because a role takes minutes to work
 * and the first secrets are written by later ones.
 */
export class SiteVault extends Construct {
  public readonly id: string;
  /** Address for machines, with a closing slash. */
  public readonly uri: string;

  public constructor(scope: Construct, id: string, props: SiteVaultProps) {
    super(scope, id);
    const { environment, siteName, resourceGroupName, location } = props;
    const secrets = secretsOf(environment, siteName);
    const vault = new KeyVault(this, 'vault', {
      name: vaultName(environment, siteName),
      resourceGroupName,
      location,
      tenantId: props.deployers.tenantId,
      skuName: 'standard',
      rbacAuthorizationEnabled: true,
      purgeProtectionEnabled: true,
      softDeleteRetentionDays: SOFT_DELETE_DAYS,
      networkAcls: {
        defaultAction: 'Deny',
        bypass: 'AzureServices',
        ipRules: secrets.kind === 'keyvault' ? [...secrets.allowedCidrs] : [],
        virtualNetworkSubnetIds: [...props.subnetIds],
      },
    });
    this.id = vault.id;
    this.uri = vault.vaultUri;
    props.deployers.grant(this, 'Key Vault Secrets Officer', vault.id);
  }
}

/** Name of a site's vault: the only one of its kind in the world, known at synth. */
export function vaultName(environment: Environment, siteName: string): string {
  const { name, domain } = environment;
  const secrets = secretsOf(environment, siteName);
  const suffix = secrets.kind === 'keyvault' && secrets.nameSuffix !== undefined ? [secrets.nameSuffix] : [];
  if (!`${name}${siteName}`.includes('-')) {
    return physicalName('azureKeyVault', [name, siteName, uniquePart(domain), ...suffix]);
  }
  // A vault takes no two hyphens in a row, which would tell these parts apart; the unique part does so instead.
  const unique = uniquePart([domain, name, siteName].join('/'));
  return physicalName('azureKeyVault', [[name, siteName, unique, ...suffix].join('-')]);
}
