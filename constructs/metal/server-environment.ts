import { clusterOf } from '../../model/lookup';
import type { BootstrapEnv } from '../bootstrap/env';
import { extrasEnvironment } from '../bootstrap/extras';
import { sharedMountOf } from '../bootstrap/gluster';
import { keyValues } from '../bootstrap/key-values';
import { serverLabels } from '../bootstrap/node-labels';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import { rke2Source } from '../bootstrap/rke2-source';
import { snapshotEnvironment } from '../bootstrap/snapshot-store';
import type { ISecret } from '../platform/secret-store';
import type { ClusterSecurity } from './cluster-security';
import { noDataDisk } from './errors';
import { hostOf } from './host-spec';
import { machineEnvironment } from './machine-environment';
import type { MachineOwner } from './machine-owner';
import type { MachineRole } from './machine-role';
import { sharedName } from './shared-secret';
import { topologyLabels } from './topology-labels';

/** A server before its settings are known. */
export interface ServerIdentity {
  /** Name of the host, which is also that of the node. */
  readonly name: string;
  /** Whether it is the one that may begin the cluster, and tells others what they need of it. */
  readonly isFirst: boolean;
  readonly role: MachineRole;
}

/** What all servers of a cluster are told of. */
interface ServerEnvironmentProps {
  readonly owner: MachineOwner;
  readonly security: ClusterSecurity;
}

/** What the servers of the management cluster find, and what they fill. */
export interface ManagementServerEnvironmentProps extends ServerEnvironmentProps {
  /** The virtual address before the servers. */
  readonly registrationAddress: string;
  /** Further names of the API. */
  readonly apiNames: readonly string[];
  readonly joinSecret: ISecret;
  readonly caHash: ISecret;
  readonly deployer: ISecret;
  /** Name of the marker. */
  readonly marker: string;
}

/** What a server of the management cluster is told; it holds no secret. */
export function managementServerEnvironment(
  props: ManagementServerEnvironmentProps,
  server: ServerIdentity,
): BootstrapEnv {
  const { environment, clusterName } = props.owner;
  const { backup } = environment.management;
  return {
    ...serverEnvironment(props, server),
    // Rancher stands on the servers themselves.
    ...props.security.firewall(['server', 'ingress']),
    ...rke2Source(environment, clusterName),
    INGRESS_CONTROLLER: 'traefik',
    REGISTRATION_ADDRESS: props.registrationAddress,
    TLS_SANS: props.apiNames.join(' '),
    JOIN_SECRET_PARAMETER: props.joinSecret.name,
    CLAIM_INITIALISED: props.marker,
    INITIALISER: server.isFirst ? 'true' : 'false',
    PUBLISH_CA_HASH: props.caHash.name,
    // On the data disks, and from there to a store of the site's own.
    ETCD_SNAPSHOT_CRON: backup.cron,
    ETCD_SNAPSHOT_RETENTION: String(backup.retention),
    ...(server.isFirst ? { PUBLISH_DEPLOYER: props.deployer.name } : {}),
  };
}

/** What the servers of a member find. */
export interface MemberServerEnvironmentProps extends ServerEnvironmentProps {
  readonly registration: RancherRegistration;
}

/** What a server of a member is told; Rancher tells it the rest. */
export function memberServerEnvironment(props: MemberServerEnvironmentProps, server: ServerIdentity): BootstrapEnv {
  return {
    ...serverEnvironment(props, server),
    ...props.security.firewall(['server']),
    ...props.registration.environment(),
    ...sharedMountOf(props.owner)?.settings,
    NODE_ROLES: 'etcd controlplane',
  };
}

function serverEnvironment({ owner }: ServerEnvironmentProps, { name, role }: ServerIdentity): BootstrapEnv {
  const { environment, network, clusterName } = owner;
  const { data } = hostOf(network.site, network.siteName, name).disks;
  if (data === undefined) throw noDataDisk(name, network.siteName);
  return {
    ...machineEnvironment(owner, name, role),
    ...extrasEnvironment(owner, clusterOf(environment, clusterName).servers),
    ...snapshotEnvironment(owner, sharedName),
    DROVER_ROLE: 'server',
    DATA_VOLUME_ID: data,
    PROVIDER_ID_BY: 'self',
    NODE_LABELS: keyValues({
      ...serverLabels(owner),
      ...topologyLabels(network, name),
    }),
  };
}
