import { snapshotField, snapshotKeys, type SnapshotOwner } from '../bootstrap/snapshot-store';
import type { Grant } from './machine-role';
import { sharedReads } from './shared-secret';

/** Read of the keys of the site's store for snapshots, and of nothing else; nothing without one. */
export function snapshotGrants(owner: Pick<SnapshotOwner, 'environment' | 'network'>): Grant[] {
  const keys = snapshotKeys(owner);
  if (keys === undefined) return [];
  const { siteName } = owner.network;
  return sharedReads([
    [snapshotField(siteName, 'accessKey'), keys.accessKey],
    [snapshotField(siteName, 'secretKey'), keys.secretKey],
  ]);
}
