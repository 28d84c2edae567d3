import type { ITerraformDependable } from 'cdktf';

/** The machines of a site that are no nodes of any cluster, as every platform offers them. */
export interface IMachines {
  /** Their keys in the site. */
  readonly names: readonly string[];
  /** What a consumer depends on to come after their own report that they are up. */
  readonly ready: readonly ITerraformDependable[];
}
