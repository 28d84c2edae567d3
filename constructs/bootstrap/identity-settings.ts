import type { Identity, SiteIdentity } from '../../model/identity';
import type { BootstrapEnv } from './env';

/** Who a machine is, as its settings say it. */
export type IdentitySettings = Pick<BootstrapEnv, 'DROVER_CLOUD' | 'DROVER_ENV' | 'DROVER_REGION' | 'DROVER_CLUSTER'>;

/** The identity that a machine is told, the same as in its tags and labels. */
export function identitySettings({
  cloud,
  env,
  region,
  cluster,
}: SiteIdentity & Partial<Pick<Identity, 'cluster'>>): IdentitySettings {
  return {
    DROVER_CLOUD: cloud,
    DROVER_ENV: env,
    DROVER_REGION: region,
    ...(cluster === undefined ? {} : { DROVER_CLUSTER: cluster }),
  };
}
