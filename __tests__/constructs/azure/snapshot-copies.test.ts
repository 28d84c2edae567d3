import { ClusterGroup } from '../../../constructs/azure/cluster-group';
import { SnapshotCopies } from '../../../constructs/azure/snapshot-copies';
import { only, synthesized } from '../aws/network-fixture';
import { emptyStack, environmentWith, machine, networkIn } from './fixture';

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
