import { clusterOf } from '../../model/lookup';
import type { BootstrapEnv } from '../bootstrap/env';
import { extrasEnvironment } from '../bootstrap/extras';
import { sharedMountOf } from '../bootstrap/gluster';
import { keyValues } from '../bootstrap/key-values';
import { serverLabels } from '../bootstrap/node-labels';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import { rke2Source } from '../bootstrap/rke2-source';
import type { ISecret } from '../platform/secret-store';
import type { KeyedMachineIdentity } from './keyed-machine';
import { machineEnvironment } from './machine-environment';
import type { MachineOwner } from './machine-owner';
import type { MachineRole } from './machine-role';
import type { PodIdentity } from './pod-identity';
import type { Snapshots } from './snapshots';

/** Server that begins the cluster and publishes what others need of it. */
export const FIRST_SERVER = 's1';

/** What all servers of a cluster are told of. */
interface ServerEnvironmentProps {
  readonly owner: MachineOwner;
  readonly role: MachineRole;
  readonly podIdentity: PodIdentity;
  readonly snapshots: Snapshots;
}

/** What the servers of the management cluster find, and what they fill. */
export interface ManagementServerEnvironmentProps extends ServerEnvironmentProps {
  /** Name that holds the addresses of all servers. */
  readonly registrationAddress: string;
  /** Further names of the API: of the load balancer, of a port forward. */
  readonly apiNames: readonly string[];
  readonly joinSecret: ISecret;
  readonly caHash: ISecret;
  readonly deployer: ISecret;
  /** Address of the marker. */
  readonly marker: string;
}

/** What a server of the management cluster is told at first boot; it holds no secret. */
export function managementServerEnvironment(
  props: ManagementServerEnvironmentProps,
  server: KeyedMachineIdentity,
): BootstrapEnv {
  const first = server.name === FIRST_SERVER;
  const { environment, clusterName } = props.owner;
  return {
    ...serverEnvironment(props, server),
    ...rke2Source(environment, clusterName),
    INGRESS_CONTROLLER: 'traefik',
    REGISTRATION_ADDRESS: props.registrationAddress,
    TLS_SANS: props.apiNames.join(' '),
    JOIN_SECRET_PARAMETER: props.joinSecret.name,
    CLAIM_INITIALISED: props.marker,
    INITIALISER: first ? 'true' : 'false',
    PUBLISH_CA_HASH: props.caHash.name,
    OIDC_ISSUER: props.podIdentity.issuer,
    ...(first ? { PUBLISH_DEPLOYER: props.deployer.name, OIDC_BUCKET: props.podIdentity.store } : {}),
  };
}

/** What the servers of a member find. */
export interface MemberServerEnvironmentProps extends ServerEnvironmentProps {
  readonly registration: RancherRegistration;
}

/** What a server of a member is told at first boot; Rancher tells it the rest. */
export function memberServerEnvironment(
  props: MemberServerEnvironmentProps,
  server: KeyedMachineIdentity,
): BootstrapEnv {
  const { issuer, store } = props.podIdentity;
  return {
    ...serverEnvironment(props, server),
    ...props.registration.environment(),
    NODE_ROLES: 'etcd controlplane',
    ...(server.name === FIRST_SERVER ? { OIDC_ISSUER: issuer, OIDC_BUCKET: store } : {}),
  };
}

function serverEnvironment(
  { owner, role, snapshots }: ServerEnvironmentProps,
  server: KeyedMachineIdentity,
): BootstrapEnv {
  const { environment, clusterName } = owner;
  return {
    ...machineEnvironment(owner, role),
    ...extrasEnvironment(owner, clusterOf(environment, clusterName).servers),
    ...sharedMountOf(owner)?.settings,
    ...snapshots.settings,
    DROVER_ROLE: 'server',
    DROVER_NODE: server.nodeName,
    DATA_VOLUME_ID: server.volumeId,
    NODE_LABELS: keyValues(serverLabels(owner)),
  };
}
