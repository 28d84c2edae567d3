import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { cloudServers } from '../../model/lookup';
import { extrasOf } from '../bootstrap/extras';
import { managementServerSteps } from '../bootstrap/machine-steps';
import type { ISecret } from '../platform/secret-store';
import { Bundle } from './bundle';
import type { ClusterGroup } from './cluster-group';
import type { ClusterSecurity } from './cluster-security';
import { InitialisedMarker } from './initialised-marker';
import { MachineRole, secretRead, secretWrite } from './machine-role';
import type { Network } from './network';
import type { PlaneLoadBalancer } from './plane-load-balancer';
import { PodIdentity } from './pod-identity';
import { preparationOf } from './preparation';
import { SecretStore } from './secret-store';
import { serverFiles } from './server-config';
import { FIRST_SERVER, managementServerEnvironment } from './server-environment';
import { Servers } from './servers';
import { snapshotsOn } from './snapshots';
import { machineUserData } from './user-data';
import type { WebLoadBalancer } from './web-load-balancer';

/** Where the servers stand and who leads to them. */
export interface ManagementServersProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
  readonly group: ClusterGroup;
  readonly security: ClusterSecurity;
  readonly plane: PlaneLoadBalancer;
  readonly web: WebLoadBalancer;
}

/**
 * The servers of the management cluster, which raise it by themselves, with what they share.
 * No cloud controller manager runs there: its machines are all servers, it has no volumes, and the controller would
 * delete the node of a server that is being renewed, and with it the server's place in etcd.
 */
export class ManagementServers extends Construct {
  /** Deploy credential that the first server publishes: JSON of host, token and ca. */
  public readonly deployer: ISecret;
  public readonly servers: Servers;

  public constructor(scope: Construct, id: string, props: ManagementServersProps) {
    super(scope, id);
    const { environment, network, clusterName, group, security, plane, web } = props;
    const { management } = environment;
    const bundle = new Bundle(this, 'bundle', props);
    const owner = { environment, network, clusterName, group, bundle };
    const store = new SecretStore(this, 'secrets', props);
    const joinSecret = store.generated('join', { version: management.joinSecretVersion });
    const caHash = store.published('ca-hash');
    this.deployer = store.published('deployer');
    const marker = new InitialisedMarker(this, 'initialised', props);
    const podIdentity = new PodIdentity(this, 'pod-identity', props);
    const snapshots = snapshotsOn(this, 'snapshots', props);
    const role = new MachineRole(this, 'role', { ...owner, purpose: 'servers' });
    role.grant({
      'join-secret': secretRead(joinSecret),
      'ca-hash': secretWrite(caHash),
      deployer: secretWrite(this.deployer),
      marker: { role: 'Storage Blob Data Contributor', scope: marker.containerId },
      issuer: { role: 'Storage Blob Data Contributor', scope: podIdentity.containerId },
      ...snapshots.grants,
    });
    const settings = {
      owner,
      role,
      podIdentity,
      snapshots,
      registrationAddress: plane.registrationAddress,
      apiNames: [plane.address, ...forwardedName(management.access.endpoint)],
      joinSecret,
      caHash,
      deployer: this.deployer,
      marker: marker.url,
    };
    this.servers = new Servers(this, 'servers', {
      ...owner,
      spec: cloudServers(management.servers),
      role,
      securityGroupId: security.securityGroupId,
      machineGroupIds: { server: security.serverGroupId, ingress: security.ingressGroupId },
      poolIds: { plane: plane.poolId, web: web.poolId },
      userData: (server) =>
        machineUserData({
          env: managementServerEnvironment(settings, server),
          steps: managementServerSteps({
            ...preparationOf(environment),
            ...extrasOf(environment, management.servers),
            publishes: server.name === FIRST_SERVER,
            ...snapshots.keeping,
          }),
          files: serverFiles(environment),
          what: `server '${server.name}' of cluster '${clusterName}'`,
        }),
    });
  }
}

/** The API's certificate must hold the host of a port forward as well. */
function forwardedName(endpoint: string | undefined): string[] {
  return endpoint === undefined ? [] : [new URL(endpoint).hostname];
}
