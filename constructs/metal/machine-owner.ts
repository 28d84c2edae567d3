import type { Environment } from '../../model/environment';
import type { Bundle } from './bundle';
import type { Network } from './network';
import type { Roster } from './roster';

/** The cluster that a host becomes a part of. */
export interface MachineOwner {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
  readonly bundle: Bundle;
  /** Which hosts the cluster has. */
  readonly roster: Roster;
}
