import type { Construct } from 'constructs';
import type { RancherHandover } from '../constructs/platform/rancher-handover';
import type { ClusterAccess } from './cluster-providers';
import type { IPlatform } from './platforms/platform';
import { rancherAccess } from './rancher-provider';

/** A member cluster, as stacks above it know it. */
export interface MemberHandover {
  /** Rancher's identifier of the cluster, which its proxy takes: `c-m-...`. */
  readonly rancherClusterId: string;
}

/** Access to a member through Rancher's proxy: nobody outside the site needs a route to its servers. */
export function memberAccess(
  scope: Construct,
  platform: Pick<IPlatform, 'openSecret'>,
  rancher: RancherHandover,
  member: MemberHandover,
): ClusterAccess {
  return {
    host: `${rancher.url}/k8s/clusters/${member.rancherClusterId}`,
    ...rancherAccess(scope, platform, rancher),
  };
}
