import { raisedMembers } from './lookup';
import type { EnvironmentSpec } from './spec/environment';
import type { CloudGlusterSpec, GlusterSpec } from './spec/storage';

/** Keys of the storage nodes of a cloud: the identity of each machine. The last one is the arbiter, where there is one. */
export const STORAGE_NODES = ['g1', 'g2', 'g3'] as const;
export type StorageNodeKey = (typeof STORAGE_NODES)[number];

/** Part of the disk that an arbiter needs: 4 KiB a file, for files of 16 KiB and more. */
const ARBITER_SHARE = 4;

/** Smallest disk of a storage node in GiB, an arbiter's as well. */
const SMALLEST_GIB = 20;

/** The storage nodes that a cluster asks for, if it does; the management cluster has none. */
export function glusterOf({ clusters }: Pick<EnvironmentSpec, 'clusters'>, cluster: string): GlusterSpec | undefined {
  return raisedMembers({ clusters })[cluster]?.storage?.gluster;
}

/**
 * Disk of a storage node in GiB. An arbiter keeps a few bytes of each file.
 * @see https://docs.gluster.org/en/main/Administrator-Guide/arbiter-volumes-and-quorum/#arbiter-bricks-sizing
 */
export function brickGiB(gluster: Pick<CloudGlusterSpec, 'arbiter' | 'brickGiB'>, node: StorageNodeKey): number {
  return gluster.arbiter && node === STORAGE_NODES[STORAGE_NODES.length - 1]
    ? Math.max(SMALLEST_GIB, Math.ceil(gluster.brickGiB / ARBITER_SHARE))
    : gluster.brickGiB;
}
