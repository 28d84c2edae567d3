import type { Environment } from '../../model/environment';
import type { IBootstrapBundle } from '../platform/bundle';
import type { ClusterGroup } from './cluster-group';
import type { Network } from './network';

/** The cluster that machines belong to, and what they stand in. */
export interface MachineOwner {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
  readonly group: ClusterGroup;
  /** Scripts of first boot. */
  readonly bundle: IBootstrapBundle;
}
