import { Construct } from 'constructs';
import { cloudServers } from '../../model/lookup';
import { managementServerSteps } from '../bootstrap/machine-steps';
import { renderUserData } from '../bootstrap/user-data';
import { projectPath } from '../core/project-path';
import type { ISecret } from '../platform/secret-store';
import { cloudControllerManager } from './cloud-controller-manager';
import type { ClusterSecurity } from './cluster-security';
import { extrasOf } from '../bootstrap/extras';
import { InitialisedMarker } from './initialised-marker';
import { secretReads, type MachineOwner } from './machine-statements';
import type { PlaneLoadBalancer } from './plane-load-balancer';
import { PodIdentity } from './pod-identity';
import { SecretStore } from './secret-store';
import { FIRST_SERVER, managementServerEnvironment } from './server-environment';
import { serverFiles } from './server-config';
import { parameterReads, publishStatements, serverStatements } from './server-statements';
import { Servers } from './servers';
import { SnapshotBucket } from './snapshot-bucket';
import { userDataLimit } from './user-data-limit';
import type { WebLoadBalancer } from './web-load-balancer';
import { waysOut } from '../bootstrap/way-out';

/** Where the servers stand and who leads to them. */
export interface ManagementServersProps extends MachineOwner {
  readonly security: ClusterSecurity;
  readonly plane: PlaneLoadBalancer;
  /** Leads web traffic straight to them. @default - something else stands between */
  readonly web?: WebLoadBalancer;
}

/** The servers of the management cluster, which raise it by themselves, with what they share. */
export class ManagementServers extends Construct {
  /** Deploy credential that the first server publishes: JSON of host, token and ca. */
  public readonly deployer: ISecret;
  public readonly servers: Servers;

  public constructor(scope: Construct, id: string, props: ManagementServersProps) {
    super(scope, id);
    const { environment, network, clusterName, security, plane, web } = props;
    const owner = { environment, network, clusterName };
    const { management } = environment;
    const store = new SecretStore(this, 'secrets', { environment, clusterName, kmsKeyArn: network.kmsKeyArn });
    const joinSecret = store.generated('join', { version: management.joinSecretVersion });
    const caHash = store.published('ca-hash');
    this.deployer = store.published('deployer');
    const marker = new InitialisedMarker(this, 'initialised', owner);
    const podIdentity = new PodIdentity(this, 'pod-identity', owner);
    const snapshots = new SnapshotBucket(this, 'snapshots', {
      ...owner,
      retentionDays: management.backup.retentionDays,
    });

    const settings = {
      ...owner,
      podIdentity,
      registrationAddress: plane.address,
      apiNames: forwardedName(management.access.endpoint),
      joinSecret,
      caHash,
      deployer: this.deployer,
      marker: marker.parameterName,
    };
    const files = serverFiles({
      ...owner,
      snapshots,
      // Its machines are all servers: a node that is away while its machine is renewed must stay, or etcd would drop it.
      cloudControllerManager: cloudControllerManager({ ...owner, controllers: ['cloud-node-controller'] }),
    });
    this.servers = new Servers(this, 'servers', {
      ...owner,
      spec: cloudServers(management.servers),
      statements: [
        ...secretReads(owner, [joinSecret, caHash, this.deployer]),
        parameterReads(owner, [marker.parameterName]),
        ...publishStatements(owner, { published: [caHash, this.deployer], marker: marker.parameterName }),
        ...serverStatements(owner, { snapshots, podIdentity }),
      ],
      securityGroupIds: [security.serverGroupId, security.ingressGroupId],
      targetGroupArns: { ...plane.targetGroupArns, ...web?.targetGroupArns },
      userData: (server) =>
        renderUserData({
          env: managementServerEnvironment(settings, server),
          steps: managementServerSteps({
            ...waysOut(environment),
            ...extrasOf(environment, management.servers),
            publishes: server.name === FIRST_SERVER,
          }),
          fetcher: projectPath('userdata', 'fetch.sh'),
          files,
          limit: userDataLimit,
          what: `server '${server.name}' of cluster '${clusterName}'`,
        }),
    });
    marker.adopt(this.servers.ready);
  }
}

/** The API's certificate must hold the host of a port forward as well. */
function forwardedName(endpoint: string | undefined): string[] {
  return endpoint === undefined ? [] : [new URL(endpoint).hostname];
}
