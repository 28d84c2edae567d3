import { ConstructError } from '../core/errors';

export const notADuration = (cluster: string, got: string): ConstructError =>
  new ConstructError(
    `'deleteMissingMachinesAfter' ('${got}') of cluster '${cluster}' is not a duration; give hours, minutes or seconds such as '10m'`,
  );
