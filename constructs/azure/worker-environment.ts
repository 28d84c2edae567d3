import type { CloudGroupSpec } from '../../model/spec/node-group';
import type { BootstrapEnv } from '../bootstrap/env';
import { extrasEnvironment } from '../bootstrap/extras';
import { sharedMountOf } from '../bootstrap/gluster';
import { keyValues } from '../bootstrap/key-values';
import { nodeLabels } from '../bootstrap/node-labels';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import { machineEnvironment } from './machine-environment';
import type { MachineOwner } from './machine-owner';
import type { MachineRole } from './machine-role';
import { READY_WITHIN_SEC } from './readiness-command';
import { leaveDeadlineSec } from './termination-notice';

/** The group and the way into its cluster. */
export interface WorkerEnvironmentProps {
  readonly owner: MachineOwner;
  readonly role: MachineRole;
  readonly groupName: string;
  readonly spec: CloudGroupSpec;
  readonly registration: RancherRegistration;
}

/** What the machines of a node group are told at first boot; it holds no secret. */
export function workerEnvironment(props: WorkerEnvironmentProps): BootstrapEnv {
  const { owner, role, groupName, spec, registration } = props;
  const { environment, clusterName } = owner;
  return {
    ...machineEnvironment(owner, role),
    ...registration.environment(),
    ...extrasEnvironment(owner, spec),
    ...sharedMountOf(owner)?.settings,
    DROVER_ROLE: 'worker',
    DROVER_NODE_GROUP: groupName,
    NODE_ROLES: 'worker',
    NODE_LABELS: keyValues(nodeLabels({ environment, clusterName, groupName, spec })),
    NODE_TAINTS: spec.taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`).join(' '),
    LEAVE_DEADLINE_SEC: String(leaveDeadlineSec(spec.drainTimeoutSec)),
    // The first machines of a cluster wait for its servers, too.
    HEALTH_DEADLINE_SEC: String(READY_WITHIN_SEC + spec.joinTimeoutSec),
  };
}
