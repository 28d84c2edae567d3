import type { Construct } from 'constructs';
import { MachineRole } from './machine-role';
import { secretReads, type MachineOwner } from './machine-statements';
import type { RancherRegistration } from './rancher-registration';

/** The group whose machines wear the role. */
export interface NodeGroupRoleProps extends MachineOwner {
  /** The group's key in its cluster. */
  readonly groupName: string;
  /** Name of the scaling group. */
  readonly scalingGroupName: string;
  readonly registration: RancherRegistration;
}

/** The identity of the machines of one group: join, and answer the hooks of this very group. */
export class NodeGroupRole extends MachineRole {
  public constructor(scope: Construct, id: string, props: NodeGroupRoleProps) {
    const { network, groupName, scalingGroupName, registration } = props;
    super(scope, id, {
      environment: props.environment,
      network,
      clusterName: props.clusterName,
      purpose: groupName,
      statements: [
        ...secretReads(props, registration.secrets),
        {
          Sid: 'AnswerHooks',
          Effect: 'Allow',
          Action: 'autoscaling:CompleteLifecycleAction',
          Resource:
            `arn:${network.partition}:autoscaling:${network.region}:${network.accountId}` +
            `:autoScalingGroup:*:autoScalingGroupName/${scalingGroupName}`,
        },
      ],
    });
  }
}
