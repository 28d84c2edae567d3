import type { Environment } from '../../model/environment';
import { identityOf, LABEL_PREFIX, nodeLabelsOf } from '../../model/identity';
import type { CloudGroupSpec, NodeGroupSpec } from '../../model/spec/node-group';

/** A group of a cluster as its environment describes it. */
export interface GroupDescription<Spec extends NodeGroupSpec = CloudGroupSpec> {
  readonly environment: Environment;
  readonly clusterName: string;
  readonly groupName: string;
  readonly spec: Spec;
}

/** Labels that every node of the group registers with; the autoscaler must expect the very same of an empty group. */
export function nodeLabels({
  environment,
  clusterName,
  groupName,
  spec,
}: GroupDescription<NodeGroupSpec>): Record<string, string> {
  return {
    ...spec.labels,
    ...nodeLabelsOf(identityOf(environment, clusterName)),
    [`${LABEL_PREFIX}node-group`]: groupName,
    [`${LABEL_PREFIX}role`]: spec.role,
  };
}
