import { TerraformOutput } from 'cdktf';
import { Bundle } from '../../../constructs/azure/bundle';
import type { Environment } from '../../../model/environment';
import { only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './fixture';

const withBundle = (environment: Environment = environmentWith(), clusterName = 'shop'): Synthesized =>
  inStack((stack) => {
    const props = { environment, network: networkIn(stack, environment), clusterName };
    const { url, sha256, resource } = new Bundle(stack, 'bundle', props);
    new TerraformOutput(stack, 'handover', { value: { url, sha256, resource } });
  });
const synth = withBundle();
const blob = only(synth.resource, 'azurerm_storage_blob');

test('the scripts are a blob of their cluster, named by their content', () => {
  const { output } = JSON.parse(synth.text) as { output: { handover: { value: Record<string, string> } } };
  const { sha256, url, resource } = output.handover.value;
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(blob).toMatchObject({
    name: `shop/${String(sha256)}.tar`,
    type: 'Block',
    storage_account_name: only(synth.resource, 'azurerm_storage_account')['name'],
    storage_container_name: expect.stringContaining('azurerm_storage_container.network_bundles_container'),
  });
  expect(url).toMatch(/^\$\{azurerm_storage_blob\.bundle_object_\w+\.url\}$/);
  expect(resource).toMatch(/^\$\{azurerm_storage_container\.network_bundles_container_\w+\.id\}$/);
});

test('new scripts lie beside the old ones until their machines are told of them', () => {
  const hooked = withBundle(environmentWith({ bootstrap: { hooks: { before: ['tools/test.sh'] } } }));
  expect(only(hooked.resource, 'azurerm_storage_blob')['name']).not.toBe(blob['name']);
  expect(blob).toMatchObject({ lifecycle: { create_before_destroy: true } });
});

test('two clusters do not share a blob that one of them could take away', () => {
  expect(only(withBundle(environmentWith(), 'other').resource, 'azurerm_storage_blob')['name']).toMatch(/^other\//);
});

test('the archive is named by a path inside the stack', () => {
  expect(blob['source']).toMatch(/^assets\/.*\.tar$/);
  expect(synth.text).not.toContain(process.cwd());
});

test('two synths give the same stack', () => {
  expect(withBundle().text).toBe(synth.text);
});

test('its container is private, and whoever deploys may write there', () => {
  expect(only(synth.resource, 'azurerm_storage_container')).toMatchObject({
    name: 'bundles',
    container_access_type: 'private',
  });
  expect(only(synth.resource, 'azurerm_role_assignment', 'network_bundles')).toMatchObject({
    role_definition_name: 'Storage Blob Data Contributor',
    scope: expect.stringMatching(/^\$\{azurerm_storage_account\.network_bundles_store_\w+\.id\}$/),
  });
});
