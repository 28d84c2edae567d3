import type { Environment } from '../../model/environment';
import type { Bundle } from './bundle';
import type { Network } from './network';
import type { Roster } from './roster';

/** Where a host stands, and what it becomes a part of. */
export interface MachinePlace {
  readonly environment: Environment;
  readonly network: Network;
  /** Cluster that it is in. @default - none: it is a machine of the site */
  readonly clusterName?: string | undefined;
  readonly bundle: Bundle;
  /** Which hosts the cluster has, or the machines of the site. */
  readonly roster: Roster;
}

/** The cluster that a host becomes a part of. */
export interface MachineOwner extends MachinePlace {
  readonly clusterName: string;
}
