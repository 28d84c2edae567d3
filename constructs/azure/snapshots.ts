import type { Construct } from 'constructs';
import type { BootstrapEnv } from '../bootstrap/env';
import { snapshotEnvironment, snapshotField, snapshotKeys } from '../bootstrap/snapshot-store';
import type { SnapshotKeeping } from '../bootstrap/machine-steps';
import type { Grants } from './machine-role';
import { sharedName, sharedRead } from './shared-secret';
import { SnapshotCopies, type SnapshotCopiesProps } from './snapshot-copies';

/** How snapshots of a cluster's etcd leave its servers. */
export interface Snapshots {
  /** What servers may do for it. */
  readonly grants: Grants;
  /** What they are told of it; it holds no secret. */
  readonly settings: Partial<BootstrapEnv>;
  readonly keeping: SnapshotKeeping;
}

/** To the site's own store, where it names one; else as copies, and only then there is an account for them. */
export function snapshotsOn(scope: Construct, id: string, owner: SnapshotCopiesProps): Snapshots {
  const { network } = owner;
  const keys = snapshotKeys(owner);
  if (keys === undefined) {
    const copies = new SnapshotCopies(scope, id, owner);
    return {
      grants: { snapshots: copies.writing },
      settings: { SNAPSHOT_CONTAINER: copies.url },
      keeping: { copiesSnapshots: true },
    };
  }
  return {
    grants: {
      'snapshot-access-key': sharedRead(network, snapshotField(network.siteName, 'accessKey'), keys.accessKey),
      'snapshot-secret-key': sharedRead(network, snapshotField(network.siteName, 'secretKey'), keys.secretKey),
    },
    settings: snapshotEnvironment(owner, sharedName),
    keeping: { storesSnapshots: true },
  };
}
