import type { Environment } from '../../model/environment';

/**
 * Name under which AWS-side controllers know a cluster: `--cluster-name` of the cloud controller manager and of the
 * autoscaler's discovery. Two environments of one account may each have a cluster of the same name.
 */
export function awsClusterId(environment: Environment, clusterName: string): string {
  return `${environment.name}-${clusterName}`;
}

/**
 * Tag by which the cloud controller manager finds what belongs to its cluster: instances, and exactly one security
 * group of each node (https://cloud-provider-aws.sigs.k8s.io/prerequisites/).
 */
export function clusterTag(environment: Environment, clusterName: string): Record<string, string> {
  return { [`kubernetes.io/cluster/${awsClusterId(environment, clusterName)}`]: 'owned' };
}
