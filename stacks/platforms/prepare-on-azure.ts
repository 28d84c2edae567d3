import { DataAzurermClientConfig } from '@cdktf/provider-azurerm/lib/data-azurerm-client-config';
import { DnsZone } from '@cdktf/provider-azurerm/lib/dns-zone';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { Aspects } from 'cdktf';
import type { Construct } from 'constructs';
import { Tagged } from '../../constructs/azure/tagged';
import type { AzurermStateSpec } from '../../model/spec/state';

/** Days that earlier states stay recoverable. */
const STATE_HISTORY_DAYS = 365;

const KEPT = { preventDestroy: true };

/** Makes the account and the container of an environment's states; whoever applies it may write there from then on. */
export function prepareOnAzure(
  scope: Construct,
  state: AzurermStateSpec,
  tags: Readonly<Record<string, string>>,
): void {
  const { location, subscriptionId } = state;
  new AzurermProvider(scope, 'azurerm', {
    features: [{}],
    ...(subscriptionId === undefined ? {} : { subscriptionId }),
    storageUseAzuread: true,
  });
  Aspects.of(scope).add(new Tagged(tags));
  const group = new ResourceGroup(scope, 'group', { name: state.resourceGroup, location, lifecycle: KEPT });
  const account = new StorageAccount(scope, 'states', {
    name: state.storageAccount,
    resourceGroupName: group.name,
    location,
    accountKind: 'StorageV2',
    accountTier: 'Standard',
    accountReplicationType: 'ZRS',
    minTlsVersion: 'TLS1_2',
    httpsTrafficOnlyEnabled: true,
    sharedAccessKeyEnabled: false,
    defaultToOauthAuthentication: true,
    localUserEnabled: false,
    allowNestedItemsToBePublic: false,
    blobProperties: {
      versioningEnabled: true,
      deleteRetentionPolicy: { days: STATE_HISTORY_DAYS },
      containerDeleteRetentionPolicy: { days: STATE_HISTORY_DAYS },
    },
    lifecycle: KEPT,
  });
  new StorageContainer(scope, 'container', {
    name: state.container,
    storageAccountId: account.id,
    containerAccessType: 'private',
    lifecycle: KEPT,
  });
  new RoleAssignment(scope, 'deployer', {
    scope: account.id,
    roleDefinitionName: 'Storage Blob Data Contributor',
    principalId: new DataAzurermClientConfig(scope, 'client').objectId,
  });
}

/** Makes an Azure DNS zone in a group that exists. @returns its name servers */
export function azureZone(scope: Construct, name: string, resourceGroupName: string): string[] {
  return new DnsZone(scope, 'zone', { name, resourceGroupName }).nameServers;
}
