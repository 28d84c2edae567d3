import { Construct } from 'constructs';
import { metalServers } from '../../model/lookup';
import { extrasOf } from '../bootstrap/extras';
import { managementServerSteps } from '../bootstrap/machine-steps';
import { snapshotKeys } from '../bootstrap/snapshot-store';
import type { ISecret } from '../platform/secret-store';
import type { ClusterSecurity } from './cluster-security';
import { InitialisedMarker } from './initialised-marker';
import type { LoadBalancer } from './load-balancer';
import type { MachineOwner } from './machine-owner';
import { secretRead, secretWrite } from './machine-role';
import { apiName } from './names';
import { preparationOf } from './preparation';
import { SecretStore } from './secret-store';
import { managementServerEnvironment } from './server-environment';
import { Servers } from './servers';

/** Where the servers stand and who leads to them. */
export interface ManagementServersProps {
  readonly owner: MachineOwner;
  readonly security: ClusterSecurity;
  readonly loadBalancer: LoadBalancer;
}

/** The servers of the management cluster, which raise it by themselves, with what they share. */
export class ManagementServers extends Construct {
  /** Deploy credential that the first server publishes: JSON of host, token and ca. */
  public readonly deployer: ISecret;
  public readonly servers: Servers;

  public constructor(scope: Construct, id: string, props: ManagementServersProps) {
    super(scope, id);
    const { owner, security, loadBalancer } = props;
    const { environment, clusterName } = owner;
    const { management } = environment;
    const store = new SecretStore(this, 'secrets', owner);
    const joinSecret = store.generated('join', { version: management.joinSecretVersion });
    const caHash = store.published('ca-hash');
    this.deployer = store.published('deployer');
    const marker = new InitialisedMarker(this, 'initialised', owner);
    const settings = {
      owner,
      security,
      registrationAddress: loadBalancer.address,
      apiNames: [apiName(environment, clusterName), ...forwardedName(management.access.endpoint)],
      joinSecret,
      caHash,
      deployer: this.deployer,
      marker: marker.secretName,
    };
    this.servers = new Servers(this, 'servers', {
      owner,
      spec: metalServers(management.servers),
      firstGrants: [
        secretRead(joinSecret),
        secretWrite(caHash),
        secretWrite(this.deployer),
        // No update: the second write of a marker is refused by the policy already.
        { path: marker.policyPath, capabilities: ['create', 'read'] },
      ],
      grants: [secretRead(joinSecret), secretRead(caHash)],
      env: (server) => managementServerEnvironment(settings, server),
      steps: (isFirst) =>
        managementServerSteps({
          ...preparationOf(environment),
          ...extrasOf(environment, management.servers),
          storesSnapshots: snapshotKeys(owner) !== undefined,
          publishes: isFirst,
        }),
      after: loadBalancer.ready,
    });
    marker.adopt(this.servers.ready);
  }
}

/** The API's certificate must hold the host of a port forward as well. */
function forwardedName(endpoint: string | undefined): string[] {
  return endpoint === undefined ? [] : [new URL(endpoint).hostname];
}
