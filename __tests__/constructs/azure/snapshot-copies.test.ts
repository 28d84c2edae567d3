import { ClusterGroup } from '../../../constructs/azure/cluster-group';
import { SnapshotCopies } from '../../../constructs/azure/snapshot-copies';
import { only, synthesized } from '../../support/synth';
import { emptyStack, environmentWith, inStack, machine, networkIn } from './fixture';

test.each([
  [35, 35],
  [800, 365],
])(
  'copies are kept for %i days, and what was deleted for %i, within what Azure takes',
  (retentionDays, recoverable) => {
    const management = { site: 'weu', hostname: 'rancher.staging.example.com', servers: { machine } };
    const environment = environmentWith({ management: { ...management, backup: { retentionDays } } });
    const stack = emptyStack();
    const owner = { environment, network: networkIn(stack, environment), clusterName: 'shop' };
    const group = new ClusterGroup(stack, 'group', owner);
    new SnapshotCopies(stack, 'snapshots', { ...owner, group });
    const { resource } = synthesized(stack);
    expect(only(resource, 'azurerm_storage_account', 'snapshots')).toMatchObject({
      blob_properties: { delete_retention_policy: { days: recoverable } },
    });
    expect(only(resource, 'azurerm_storage_management_policy')).toMatchObject({
      rule: [{ actions: { base_blob: { delete_after_days_since_creation_greater_than: retentionDays } } }],
    });
  },
);

test('copies lie in a private account that the servers of the site alone reach, at an address known at synth', () => {
  const found: SnapshotCopies[] = [];
  const { resource } = inStack((stack) => {
    const environment = environmentWith();
    const owner = { environment, network: networkIn(stack, environment), clusterName: 'shop' };
    const group = new ClusterGroup(stack, 'group', owner);
    found.push(new SnapshotCopies(stack, 'snapshots', { ...owner, group }));
  });
  const account = only(resource, 'azurerm_storage_account', 'snapshots');
  expect(account['network_rules']).toEqual({
    default_action: 'Deny',
    bypass: ['AzureServices'],
    ip_rules: ['203.0.113.7'],
    virtual_network_subnet_ids: ['1', '2', '3'].map((zone) => expect.stringContaining(`subnets_servers-${zone}_`)),
  });
  expect(found.map(({ url }) => url)).toEqual([`https://${String(account['name'])}.blob.core.windows.net/snapshots`]);
  expect(found.map(({ writing }) => writing.role)).toEqual(['Storage Blob Data Contributor']);
});
