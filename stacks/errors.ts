import { ConstructError } from '../constructs/core/errors';

/** An application's secret lies where no stack reads. */
export const unreadableSecret = (app: string, variable: string, kind: string, allowed: string): ConstructError =>
  new ConstructError(
    `secret '${variable}' of application '${app}' lies in '${kind}', which has no reader; use '${allowed}'`,
  );

/** What opens the API of an imported cluster lies where no stack reads. */
export const unreadableAccess = (cluster: string, key: string, kind: string, allowed: string): ConstructError =>
  new ConstructError(
    `'api.${key}' of cluster '${cluster}' lies in '${kind}', which has no reader in this environment; use '${allowed}'`,
  );
