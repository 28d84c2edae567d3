import { AutoscalingLifecycleHook } from '@cdktf/provider-aws/lib/autoscaling-lifecycle-hook';
import { Construct } from 'constructs';
import type { CloudGroupSpec } from '../../model/spec/node-group';

/** Hook that a new machine answers once it is a node. */
export const JOINED_HOOK = 'joined';

/** Hook that a leaving machine answers once its pods are gone. */
export const LEAVING_HOOK = 'leaving';

const LAUNCHING = 'autoscaling:EC2_INSTANCE_LAUNCHING';

/**
 * What a group is made with, so that the first machines wait as well. These are constants, because a change of them
 * would replace the group; the hook of the same name below takes over once the group is there. The time is the longest
 * that an environment may ask for, because these machines may wait for the servers of their cluster.
 */
export const firstHook = {
  name: JOINED_HOOK,
  lifecycleTransition: LAUNCHING,
  defaultResult: 'ABANDON',
  heartbeatTimeout: 7200,
} as const;

/** The group and its times. */
export interface LifecycleHooksProps {
  readonly groupName: string;
  readonly spec: CloudGroupSpec;
}

/** A machine serves only after it has joined, and leaves only after its pods have. */
export class LifecycleHooks extends Construct {
  public constructor(scope: Construct, id: string, { groupName, spec }: LifecycleHooksProps) {
    super(scope, id);
    // Putting a hook of an existing name changes it, and that is how the group's first hook gets the group's own time.
    new AutoscalingLifecycleHook(this, JOINED_HOOK, {
      name: JOINED_HOOK,
      autoscalingGroupName: groupName,
      lifecycleTransition: LAUNCHING,
      heartbeatTimeout: spec.joinTimeoutSec,
      // A machine that never joined is replaced.
      defaultResult: 'ABANDON',
    });
    new AutoscalingLifecycleHook(this, LEAVING_HOOK, {
      name: LEAVING_HOOK,
      autoscalingGroupName: groupName,
      lifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      heartbeatTimeout: spec.drainTimeoutSec,
      // A machine that can't empty itself must not stay for ever.
      defaultResult: 'CONTINUE',
    });
  }
}
