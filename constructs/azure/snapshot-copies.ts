import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { StorageManagementPolicy } from '@cdktf/provider-azurerm/lib/storage-management-policy';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import type { ClusterGroup } from './cluster-group';
import type { Grant } from './machine-role';
import type { Network } from './network';
import { PrivateAccount } from './private-account';

/** The cluster whose etcd snapshots are copied. */
export interface SnapshotCopiesProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
  readonly group: ClusterGroup;
}

const CONTAINER = 'snapshots';

/**
 * Longest time that a deleted blob can be brought back, in days; versions themselves may be older.
 * @see https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview
 */
const LONGEST_RECOVERY_DAYS = 365;

/**
 * Where the servers of a cluster copy their etcd snapshots to, as `<cluster>/<node>/<snapshot>`. No machine deletes a
 * copy: the account does so by age, and keeps what was deleted for as long again, at most for a year.
 */
export class SnapshotCopies extends Construct {
  /** Address of the container, without a closing slash, known at synth. */
  public readonly url: string;
  /** What lets a server copy. */
  public readonly writing: Grant;

  public constructor(scope: Construct, id: string, props: SnapshotCopiesProps) {
    super(scope, id);
    const { environment, network, clusterName, group } = props;
    const { retentionDays } = environment.management.backup;
    const account = new PrivateAccount(this, 'copies', {
      ...group.place,
      environment,
      siteName: network.siteName,
      nameParts: [clusterName, 'snapshots'],
      noncurrentDays: Math.min(LONGEST_RECOVERY_DAYS, retentionDays),
      subnetIds: Object.values(network.subnets.servers),
    });
    const container = new StorageContainer(this, 'container', {
      name: CONTAINER,
      storageAccountId: account.id,
      containerAccessType: 'private',
    });
    new StorageManagementPolicy(this, 'expiry', {
      storageAccountId: account.id,
      rule: [
        {
          name: 'copies',
          enabled: true,
          filters: { blobTypes: ['blockBlob'], prefixMatch: [`${CONTAINER}/`] },
          actions: {
            baseBlob: { deleteAfterDaysSinceCreationGreaterThan: retentionDays },
            // Deleting a blob that has versions leaves it as one.
            version: { deleteAfterDaysSinceCreation: retentionDays },
          },
        },
      ],
    });
    this.url = `${account.blobUrl}/${CONTAINER}`;
    this.writing = { role: 'Storage Blob Data Contributor', scope: container.id };
  }
}
