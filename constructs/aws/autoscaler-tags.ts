import { awsClusterId } from './cluster-tag';
import { nodeLabels, type GroupDescription } from '../bootstrap/node-labels';

const AUTOSCALER = 'k8s.io/cluster-autoscaler';

/** Tag whose value 'owned' says that the autoscaler of this cluster may scale the group. */
export function autoscalerTag({
  environment,
  clusterName,
}: Pick<GroupDescription, 'environment' | 'clusterName'>): string {
  return `${AUTOSCALER}/${awsClusterId(environment, clusterName)}`;
}

/**
 * Tags by which the autoscaler finds the group and knows what a machine of it would be like while there is none.
 * @see https://github.com/kubernetes/autoscaler/tree/cluster-autoscaler-1.35.2/cluster-autoscaler/cloudprovider/aws
 */
export function autoscalerTags(group: GroupDescription): Record<string, string> {
  const { spec } = group;
  const template = `${AUTOSCALER}/node-template`;
  return {
    [`${AUTOSCALER}/enabled`]: 'true',
    [autoscalerTag(group)]: 'owned',
    ...keyed(Object.entries(nodeLabels(group)), `${template}/label`),
    ...keyed(
      spec.taints.map(({ key, value, effect }) => [key, `${value}:${effect}`]),
      `${template}/taint`,
    ),
    [`${template}/resources/ephemeral-storage`]: `${spec.machine.rootDiskGiB}Gi`,
  };
}

function keyed(pairs: readonly (readonly [string, string])[], prefix: string): Record<string, string> {
  return Object.fromEntries(pairs.map(([key, value]) => [`${prefix}/${key}`, value]));
}
