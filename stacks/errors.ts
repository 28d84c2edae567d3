import { ConstructError } from '../constructs/core/errors';

/** An application's secret lies where no stack reads. */
export const unreadableSecret = (app: string, variable: string, kind: string, allowed: string): ConstructError =>
  new ConstructError(
    `secret '${variable}' of application '${app}' lies in '${kind}', which has no reader; use '${allowed}'`,
  );
