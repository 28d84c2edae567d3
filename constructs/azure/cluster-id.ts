import type { Environment } from '../../model/environment';

/** Name under which controllers know a cluster: of the cloud controller manager and of the autoscaler's discovery. */
export function azureClusterId(environment: Environment, clusterName: string): string {
  return `${environment.name}-${clusterName}`;
}
