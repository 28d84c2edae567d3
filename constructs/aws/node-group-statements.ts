import { secretReads, type MachineOwner } from './machine-statements';
import type { Statement } from './policy-document';
import type { RancherRegistration } from '../bootstrap/rancher-registration';

/** The group whose machines are meant. */
export interface NodeGroupRights extends MachineOwner {
  /** Name of the scaling group. */
  readonly scalingGroupName: string;
  readonly registration: RancherRegistration;
}

/** What the machines of a group may do beyond any machine: join, and answer the hooks of this very group. */
export function nodeGroupStatements(rights: NodeGroupRights): Statement[] {
  const { network, scalingGroupName, registration } = rights;
  return [
    ...secretReads(rights, registration.secrets),
    {
      Sid: 'AnswerHooks',
      Effect: 'Allow',
      Action: 'autoscaling:CompleteLifecycleAction',
      Resource:
        `arn:${network.partition}:autoscaling:${network.region}:${network.accountId}` +
        `:autoScalingGroup:*:autoScalingGroupName/${scalingGroupName}`,
    },
  ];
}
