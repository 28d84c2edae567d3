import type { Environment } from '../../model/environment';
import type { IBootstrapBundle } from '../platform/bundle';
import type { ClusterGroup } from './cluster-group';
import type { Network } from './network';

/** Where machines stand, and what they belong to. */
export interface MachinePlace {
  readonly environment: Environment;
  readonly network: Network;
  /** Cluster that they are of. @default - none: they are machines of the site */
  readonly clusterName?: string | undefined;
  readonly group: ClusterGroup;
  /** Scripts of first boot. */
  readonly bundle: IBootstrapBundle;
}

/** The cluster that machines belong to, and what they stand in. */
export interface MachineOwner extends MachinePlace {
  readonly clusterName: string;
}
