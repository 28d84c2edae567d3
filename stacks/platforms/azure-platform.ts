import { DataAzurermKeyVault } from '@cdktf/provider-azurerm/lib/data-azurerm-key-vault';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { Aspects } from 'cdktf';
import { Network } from '../../constructs/azure/network';
import { openSecret } from '../../constructs/azure/open-secret';
import { vaultName } from '../../constructs/azure/site-vault';
import { Tagged } from '../../constructs/azure/tagged';
import { azureSiteOf, clusterOf } from '../../model/lookup';
import { physicalName } from '../../model/naming';
import { AzureSite } from './azure-site';
import type { IPlatform } from './platform';

/**
 * What the provider does beyond each resource: a deleted vault or secret stays recoverable and comes back by its name,
 * and a group that still holds something is not deleted.
 */
const FEATURES = {
  keyVault: [
    {
      purgeSoftDeleteOnDestroy: false,
      purgeSoftDeletedSecretsOnDestroy: false,
      recoverSoftDeletedKeyVaults: true,
      recoverSoftDeletedSecrets: true,
    },
  ],
  resourceGroup: [{ preventDeletionIfContainsResources: true }],
  // A new account would be asked for its blobs, by somebody whose role there takes minutes to work.
  storage: [{ dataPlaneAvailable: false }],
};

/** Microsoft Azure. */
export const azurePlatform: IPlatform = {
  provider: (scope, { environment, siteName }, tags, alias) => {
    const { subscriptionId } = azureSiteOf(environment, siteName);
    Aspects.of(scope).add(new Tagged(tags));
    return new AzurermProvider(scope, 'azurerm', {
      features: [FEATURES],
      ...(subscriptionId === undefined ? {} : { subscriptionId }),
      // Storage accounts take no keys, only identities.
      storageUseAzuread: true,
      ...(alias === undefined ? {} : { alias }),
    });
  },
  network: (scope, id, site) => new AzureSite(new Network(scope, id, site)),
  openSecret,
  placedSecrets: (scope, { environment, clusterName }) => {
    const siteName = clusterOf(environment, clusterName).site;
    const vault = new DataAzurermKeyVault(scope, 'vault', {
      name: vaultName(environment, siteName),
      resourceGroupName: physicalName('azureResourceGroup', ['drover', environment.name, siteName]),
    });
    return (place) =>
      place.kind === 'keyvault'
        ? {
            name: place.name,
            handle: `${vault.id}/secrets/${place.name}`,
            region: azureSiteOf(environment, siteName).location,
          }
        : undefined;
  },
  secretPlace: 'keyvault:name',
};
