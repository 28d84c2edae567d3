import { Rancher2Provider } from '@cdktf/provider-rancher2/lib/provider';
import type { Construct } from 'constructs';
import type { RancherHandover } from '../constructs/platform/rancher-handover';
import type { ClusterAccess } from './cluster-providers';
import type { IPlatform } from './platforms/platform';

/** What a stack says to Rancher, and trusts it by; both are ephemeral. */
export type RancherAccess = Omit<ClusterAccess, 'host'>;

/** Opens what the administrator of Rancher is known by, once a stack. */
export function rancherAccess(
  scope: Construct,
  { openSecret }: Pick<IPlatform, 'openSecret'>,
  { adminToken, caCertificates }: RancherHandover,
): RancherAccess {
  return {
    token: openSecret(scope, 'rancher-token', adminToken),
    ...(caCertificates ? { caCertificates: openSecret(scope, 'rancher-ca', caCertificates) } : {}),
  };
}

/** The provider that makes things in Rancher, in the name of its administrator; returns what it was given. */
export function rancherProvider(
  scope: Construct,
  platform: Pick<IPlatform, 'openSecret'>,
  rancher: RancherHandover,
): RancherAccess {
  const access = rancherAccess(scope, platform, rancher);
  new Rancher2Provider(scope, 'rancher2', {
    apiUrl: rancher.url,
    tokenKey: access.token,
    ...(access.caCertificates === undefined ? {} : { caCerts: access.caCertificates }),
  });
  return access;
}
