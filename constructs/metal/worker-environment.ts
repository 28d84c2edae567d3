import type { MetalGroupSpec } from '../../model/spec/node-group';
import type { BootstrapEnv } from '../bootstrap/env';
import { extrasEnvironment } from '../bootstrap/extras';
import { sharedMountOf } from '../bootstrap/gluster';
import { keyValues } from '../bootstrap/key-values';
import { nodeLabels } from '../bootstrap/node-labels';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import type { ClusterSecurity } from './cluster-security';
import { hostOf } from './host-spec';
import { machineEnvironment } from './machine-environment';
import type { MachineOwner } from './machine-owner';
import type { MachineRole } from './machine-role';
import { topologyLabels } from './topology-labels';

/** The group and the way into its cluster. */
export interface WorkerEnvironmentProps {
  readonly owner: MachineOwner;
  readonly security: ClusterSecurity;
  readonly groupName: string;
  readonly spec: MetalGroupSpec;
  readonly registration: RancherRegistration;
}

/** Seconds in which the servers of a new cluster come up, for which its first workers wait. */
const SERVERS_WITHIN_SEC = 2700;

/** What a host of a node group is told; it holds no secret. */
export function workerEnvironment(props: WorkerEnvironmentProps, host: string, role: MachineRole): BootstrapEnv {
  const { owner, security, groupName, spec, registration } = props;
  const { environment, network, clusterName } = owner;
  const { data } = hostOf(network.site, network.siteName, host).disks;
  return {
    ...machineEnvironment(owner, host, role),
    ...registration.environment(),
    ...extrasEnvironment(owner, spec),
    ...sharedMountOf(owner)?.settings,
    ...security.firewall(spec.role === 'ingress' ? ['worker', 'ingress'] : ['worker']),
    DROVER_ROLE: 'worker',
    DROVER_NODE_GROUP: groupName,
    ...(data === undefined ? {} : { DATA_VOLUME_ID: data }),
    PROVIDER_ID_BY: 'self',
    NODE_ROLES: 'worker',
    NODE_LABELS: keyValues({
      ...nodeLabels({ environment, clusterName, groupName, spec }),
      ...topologyLabels(network, host),
    }),
    NODE_TAINTS: spec.taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`).join(' '),
    LEAVE_DEADLINE_SEC: String(spec.drainTimeoutSec),
    HEALTH_DEADLINE_SEC: String(SERVERS_WITHIN_SEC + spec.joinTimeoutSec),
  };
}
