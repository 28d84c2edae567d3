import type { Environment } from '../../model/environment';
import { identityOf, LABEL_PREFIX, nodeLabelsOf, SITE_LABEL } from '../../model/identity';
import { siteOfGroup } from '../../model/guests';
import { clusterOf } from '../../model/lookup';
import type { CloudGroupSpec, NodeGroupSpec } from '../../model/spec/node-group';

/** A group of a cluster as its environment describes it. */
export interface GroupDescription<Spec extends NodeGroupSpec = CloudGroupSpec> {
  readonly environment: Environment;
  readonly clusterName: string;
  readonly groupName: string;
  readonly spec: Spec;
}

/** A cluster whose nodes are meant. */
type ClusterOwner = Pick<GroupDescription, 'environment' | 'clusterName'>;

/** Labels that every node of the group registers with; the autoscaler must expect the very same of an empty group. */
export function nodeLabels({
  environment,
  clusterName,
  groupName,
  spec,
}: GroupDescription<NodeGroupSpec>): Record<string, string> {
  const site = siteOfGroup(clusterOf(environment, clusterName), spec);
  return {
    ...spec.labels,
    ...placeLabels({ environment, clusterName }, site),
    [`${LABEL_PREFIX}node-group`]: groupName,
    [`${LABEL_PREFIX}role`]: spec.role,
  };
}

/** Labels that every server registers with. */
export function serverLabels({ environment, clusterName }: ClusterOwner): Record<string, string> {
  const { site } = clusterOf(environment, clusterName);
  return { ...placeLabels({ environment, clusterName }, site), [`${LABEL_PREFIX}role`]: 'server' };
}

/** Whose node it is, and beside this identity, which is that of the cluster's home, where it stands. */
function placeLabels({ environment, clusterName }: ClusterOwner, siteName: string): Record<string, string> {
  return { ...nodeLabelsOf(identityOf(environment, clusterName)), [SITE_LABEL]: siteName };
}
