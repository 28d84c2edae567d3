import { TerraformOutput } from 'cdktf';
import { InitialisedMarker } from '../../../constructs/azure/initialised-marker';
import { only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './fixture';

const marker = (clusterName: string): Synthesized =>
  inStack((stack) => {
    const network = networkIn(stack, environmentWith());
    const { url, containerId } = new InitialisedMarker(stack, 'initialised', { network, clusterName });
    new TerraformOutput(stack, 'url', { value: url });
    new TerraformOutput(stack, 'container', { value: containerId });
  });

test('a marker is a blob in a private container of its own, which goes with its cluster', () => {
  const { text, resource } = marker('management');
  expect(only(resource, 'azurerm_storage_container', 'initialised_')).toMatchObject({
    name: 'initialised-management',
    container_access_type: 'private',
    storage_account_id: expect.stringContaining('azurerm_storage_account.network_bundles_store'),
  });
  const { name } = only(resource, 'azurerm_storage_account');
  expect(JSON.parse(text)).toMatchObject({
    output: {
      url: {
        value: expect.stringMatching(
          `^https://${String(name)}\\.blob\\.core\\.windows\\.net/\\$\\{azurerm_storage_container\\.initialised_\\w+\\.name\\}/cluster-initialised$`,
        ),
      },
      container: { value: expect.stringMatching(/^\$\{azurerm_storage_container\.initialised_\w+\.id\}$/) },
    },
  });
});

test.each(['management', 'shop-eu', `${'c'.repeat(40)}-${'d'.repeat(40)}`])(
  'the container of cluster %s has a name that Azure takes',
  (clusterName) => {
    const { name } = only(marker(clusterName).resource, 'azurerm_storage_container', 'initialised_');
    // https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
    expect(name).toMatch(/^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
  },
);
