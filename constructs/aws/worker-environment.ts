import type { BootstrapEnv } from '../bootstrap/env';
import { extrasEnvironment } from '../bootstrap/extras';
import { sharedMountOf } from '../bootstrap/gluster';
import { JOINED_HOOK, LEAVING_HOOK } from './lifecycle-hooks';
import { keyValues } from '../bootstrap/key-values';
import { machineEnvironment } from './machine-environment';
import type { MachineOwner } from './machine-statements';
import { nodeLabels, type GroupDescription } from '../bootstrap/node-labels';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import { READY_WITHIN_SEC } from './readiness-document';

/** The group and the way into its cluster. */
export interface WorkerEnvironmentProps extends MachineOwner, GroupDescription {
  /** Name of the scaling group. */
  readonly scalingGroupName: string;
  readonly registration: RancherRegistration;
}

/** What the machines of a node group are told at first boot; it holds no secret. */
export function workerEnvironment(props: WorkerEnvironmentProps): BootstrapEnv {
  const { groupName, scalingGroupName, spec, registration } = props;
  return {
    ...machineEnvironment(props),
    ...registration.environment(),
    ...extrasEnvironment(props, spec),
    ...sharedMountOf(props)?.settings,
    DROVER_ROLE: 'worker',
    DROVER_NODE_GROUP: groupName,
    NODE_ROLES: 'worker',
    NODE_LABELS: keyValues(nodeLabels(props)),
    NODE_TAINTS: spec.taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`).join(' '),
    ASG_NAME: scalingGroupName,
    LIFECYCLE_HOOK: JOINED_HOOK,
    LIFECYCLE_LEAVE_HOOK: LEAVING_HOOK,
    LEAVE_DEADLINE_SEC: String(spec.drainTimeoutSec),
    // The first machines of a cluster wait for its servers, too; any other is given up earlier, by its launch hook.
    HEALTH_DEADLINE_SEC: String(READY_WITHIN_SEC + spec.joinTimeoutSec),
  };
}
