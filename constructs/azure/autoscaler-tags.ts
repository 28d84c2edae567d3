import { nodeLabels, type GroupDescription } from '../bootstrap/node-labels';
import { azureClusterId } from './cluster-id';

const TEMPLATE = 'k8s.io_cluster-autoscaler_node-template';

/**
 * Tags by which the autoscaler finds the group, its bounds, and what a machine of it would be like while there is none.
 * A slash is no part of a tag's key on Azure: the autoscaler reads '_' as one, and '~2' as '_'.
 * @see https://github.com/kubernetes/autoscaler/tree/cluster-autoscaler-1.35.2/cluster-autoscaler/cloudprovider/azure
 */
export function autoscalerTags(group: GroupDescription): Record<string, string> {
  const { environment, clusterName, spec } = group;
  return {
    'cluster-autoscaler-enabled': 'true',
    'cluster-autoscaler-name': azureClusterId(environment, clusterName),
    min: String(spec.minSize),
    max: String(spec.maxSize),
    ...keyed(Object.entries(nodeLabels(group)), `${TEMPLATE}_label`),
    ...keyed(
      spec.taints.map(({ key, value, effect }) => [key, `${value}:${effect}`]),
      `${TEMPLATE}_taint`,
    ),
    [`${TEMPLATE}_resources_ephemeral-storage`]: `${spec.machine.rootDiskGiB}Gi`,
  };
}

function keyed(pairs: readonly (readonly [string, string])[], prefix: string): Record<string, string> {
  return Object.fromEntries(
    pairs.map(([key, value]) => [`${prefix}_${key.replaceAll('_', '~2').replaceAll('/', '_')}`, value]),
  );
}
