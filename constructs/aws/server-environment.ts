import { clusterOf } from '../../model/lookup';
import type { BootstrapEnv } from '../bootstrap/env';
import { rke2Source } from '../bootstrap/rke2-source';
import type { ISecret } from '../platform/secret-store';
import { extrasEnvironment } from '../bootstrap/extras';
import { sharedMountOf } from '../bootstrap/gluster';
import { keyValues } from '../bootstrap/key-values';
import { serverLabels } from '../bootstrap/node-labels';
import { machineEnvironment } from './machine-environment';
import type { MachineOwner } from './machine-statements';
import type { PodIdentity } from './pod-identity';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import type { KeyedMachineIdentity } from './keyed-machine';

/** Server that begins the cluster and publishes what others need of it. */
export const FIRST_SERVER = 's1';

/** What the servers of the management cluster find, and what they fill. */
export interface ManagementServerEnvironmentProps extends MachineOwner {
  readonly podIdentity: PodIdentity;
  /** Fixed name of the internal load balancer. */
  readonly registrationAddress: string;
  /** Further names of the API, such as that of a port forward. */
  readonly apiNames: readonly string[];
  readonly joinSecret: ISecret;
  readonly caHash: ISecret;
  readonly deployer: ISecret;
  /** Name of the marker. */
  readonly marker: string;
}

/** What a server of the management cluster is told at first boot; it holds no secret. */
export function managementServerEnvironment(
  props: ManagementServerEnvironmentProps,
  server: KeyedMachineIdentity,
): BootstrapEnv {
  const first = server.name === FIRST_SERVER;
  return {
    ...serverEnvironment(props, server),
    ...rke2Source(props.environment, props.clusterName),
    INGRESS_CONTROLLER: 'traefik',
    REGISTRATION_ADDRESS: props.registrationAddress,
    TLS_SANS: props.apiNames.join(' '),
    JOIN_SECRET_PARAMETER: props.joinSecret.name,
    CLAIM_INITIALISED: props.marker,
    INITIALISER: first ? 'true' : 'false',
    PUBLISH_CA_HASH: props.caHash.name,
    OIDC_ISSUER: props.podIdentity.issuer,
    ...(first
      ? {
          PUBLISH_DEPLOYER: props.deployer.name,
          OIDC_BUCKET: props.podIdentity.bucket,
          KMS_KEY_ID: props.network.kmsKeyArn,
        }
      : {}),
  };
}

/** What the servers of a member find. */
export interface MemberServerEnvironmentProps extends MachineOwner {
  readonly podIdentity: PodIdentity;
  readonly registration: RancherRegistration;
}

/** What a server of a member is told at first boot; Rancher tells it the rest. */
export function memberServerEnvironment(
  props: MemberServerEnvironmentProps,
  server: KeyedMachineIdentity,
): BootstrapEnv {
  return {
    ...serverEnvironment(props, server),
    ...props.registration.environment(),
    NODE_ROLES: 'etcd controlplane',
    ...(server.name === FIRST_SERVER
      ? { OIDC_ISSUER: props.podIdentity.issuer, OIDC_BUCKET: props.podIdentity.bucket }
      : {}),
  };
}

function serverEnvironment(owner: MachineOwner, server: KeyedMachineIdentity): BootstrapEnv {
  return {
    ...machineEnvironment(owner),
    ...extrasEnvironment(owner, clusterOf(owner.environment, owner.clusterName).servers),
    ...sharedMountOf(owner)?.settings,
    DROVER_ROLE: 'server',
    DROVER_NODE: server.nodeName,
    DATA_VOLUME_ID: server.volumeId,
    NODE_LABELS: keyValues(serverLabels(owner)),
  };
}
