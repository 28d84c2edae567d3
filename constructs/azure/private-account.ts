import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import { Construct } from 'constructs';
import { formatAddress, parseCidr, sizeOf } from '../../model/cidr';
import { secretsOf } from '../../model/lookup';
import type { Environment } from '../../model/environment';
import { physicalName, uniquePart } from '../../model/naming';
import type { GroupPlace } from './group-place';

/** How one storage account differs from the others. */
export interface PrivateAccountProps extends GroupPlace {
  readonly environment: Environment;
  /** Site whose deployers reach it. */
  readonly siteName: string;
  /** What tells it from the environment's other accounts, such as site and purpose. */
  readonly nameParts: readonly string[];
  /** Days that overwritten and deleted blobs stay recoverable. */
  readonly noncurrentDays: number;
  /** Subnets whose machines may reach it. */
  readonly subnetIds: readonly string[];
  /** Whether containers may be open to the world; then every network reaches it. @default false */
  readonly isPublic?: boolean;
}

/** A storage account that is versioned, in three zones, reached by TLS and identities only; no key of it is taken. */
export class PrivateAccount extends Construct {
  /** Name, known at synth. */
  public readonly accountName: string;
  public readonly id: string;
  /** Address of the account's blobs, without a closing slash, known at synth. */
  public readonly blobUrl: string;

  public constructor(scope: Construct, id: string, props: PrivateAccountProps) {
    super(scope, id);
    const { environment, siteName, nameParts, noncurrentDays, isPublic = false } = props;
    const secrets = secretsOf(environment, siteName);
    this.accountName = physicalName('azureStorageAccount', [
      ...nameParts.map((part) => part.replaceAll('-', '')),
      uniquePart([environment.domain, environment.name, ...nameParts].join('/')),
    ]);
    const account = new StorageAccount(this, 'account', {
      name: this.accountName,
      resourceGroupName: props.resourceGroupName,
      location: props.location,
      accountKind: 'StorageV2',
      accountTier: 'Standard',
      accountReplicationType: 'ZRS',
      minTlsVersion: 'TLS1_2',
      httpsTrafficOnlyEnabled: true,
      sharedAccessKeyEnabled: false,
      defaultToOauthAuthentication: true,
      localUserEnabled: false,
      crossTenantReplicationEnabled: false,
      allowNestedItemsToBePublic: isPublic,
      blobProperties: {
        versioningEnabled: true,
        deleteRetentionPolicy: { days: noncurrentDays },
        containerDeleteRetentionPolicy: { days: noncurrentDays },
      },
      networkRules: {
        defaultAction: isPublic ? 'Allow' : 'Deny',
        bypass: ['AzureServices'],
        ipRules: isPublic || secrets.kind !== 'keyvault' ? [] : secrets.allowedCidrs.flatMap(rulesFor),
        virtualNetworkSubnetIds: isPublic ? [] : [...props.subnetIds],
      },
    });
    this.id = account.id;
    this.blobUrl = `https://${this.accountName}.blob.core.windows.net`;
  }
}

/**
 * A storage account takes single addresses bare, and no network smaller than four of them.
 * @see https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations
 */
function rulesFor(cidr: string): string[] {
  const network = parseCidr(cidr);
  const size = sizeOf(network);
  return size > 2 ? [cidr] : Array.from({ length: size }, (_, index) => formatAddress(network.base + index));
}
