import type { ITerraformDependable } from 'cdktf';

/** The control-plane and etcd machines of a cluster, as every platform offers them. */
export interface IServers {
  /** Keys of the servers, `s1` to `sN`. */
  readonly names: readonly string[];
  /** What a consumer depends on to come after the servers' own report that they are up. */
  readonly ready: readonly ITerraformDependable[];
}
