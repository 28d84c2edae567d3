import type { Environment } from '../../model/environment';
import { isMixed } from '../../model/guests';
import { isImported, MANAGEMENT, memberOf, siteOf } from '../../model/lookup';
import type { BootstrapEnv } from './env';

/** What a machine is told to say of itself. */
export type SelfDescription = Pick<BootstrapEnv, 'DROVER_PLATFORM' | 'PROVIDER_ID_BY' | 'TOPOLOGY_BY'>;

/** The cluster that the machine belongs to, if it does to one. */
interface ClusterOwner {
  readonly environment: Environment;
  readonly clusterName?: string | undefined;
}

/**
 * What the machines of a mixed cluster say of themselves, because no cloud controller manager does; nothing in others.
 * @param siteName the site that the machine stands in
 */
export function selfDescription({ environment, clusterName }: ClusterOwner, siteName: string): SelfDescription {
  const member =
    clusterName === undefined || clusterName === MANAGEMENT ? undefined : memberOf(environment, clusterName);
  if (member === undefined || isImported(member) || !isMixed(member)) return {};
  const { platform } = siteOf(environment, siteName);
  return {
    ...(platform === siteOf(environment, member.site).platform ? {} : { DROVER_PLATFORM: platform }),
    PROVIDER_ID_BY: 'self',
    TOPOLOGY_BY: 'self',
  };
}
