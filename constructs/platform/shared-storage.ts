import type { ITerraformDependable } from 'cdktf';

/**
 * A file system that all nodes of a cluster share. GlusterFS on machines of its own is the only one so far; one that the
 * platform itself serves has no nodes, and is mounted by another step (`sharedMountOf` in constructs/bootstrap).
 */
export interface ISharedStorage {
  /** Folder in which each node has it, before it joins and whenever its kubelet starts. */
  readonly mountPoint: string;
  /** Keys of the machines that serve it. */
  readonly nodes: readonly string[];
  /** What a consumer depends on to find it served, and to go before it. */
  readonly ready: readonly ITerraformDependable[];
}
