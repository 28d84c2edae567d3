import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { groupsIn } from '../../model/guests';
import { cloudGluster, cloudGroup, cloudServers } from '../../model/lookup';
import type { ClusterSpec } from '../../model/spec/cluster';
import { memberServerSteps } from '../bootstrap/machine-steps';
import { renderUserData } from '../bootstrap/user-data';
import { sharedMountOf } from '../bootstrap/gluster';
import { projectPath } from '../core/project-path';
import type { ISharedStorage } from '../platform/shared-storage';
import { extrasOf } from '../bootstrap/extras';
import { secretReads, type MachineOwner } from './machine-statements';
import type { MemberFoundation } from './member-foundation';
import { NodeGroup } from './node-group';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import { FIRST_SERVER, memberServerEnvironment } from './server-environment';
import { serverStatements } from './server-statements';
import { Servers } from './servers';
import { StorageNodes } from './storage-nodes';
import { userDataLimit } from './user-data-limit';
import { waysOut } from '../bootstrap/way-out';

/** The machines of a member, what they stand on and how they find their cluster. */
export interface MemberMachinesProps extends MachineOwner {
  readonly spec: ClusterSpec;
  readonly foundation: MemberFoundation;
  readonly registration: RancherRegistration;
}

/**
 * Servers and node groups of a member. They start together: Rancher gives no machine its part before at least one of
 * each kind has registered, and by itself brings up servers before workers, so a group that waited for the servers'
 * report would wait for ever.
 */
export class MemberMachines extends Construct {
  /** What a consumer depends on to come after the machines. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: MemberMachinesProps) {
    super(scope, id);
    const { environment, network, clusterName, spec, foundation, registration } = props;
    const { security, plane, web, podIdentity } = foundation;
    const owner = { environment, network, clusterName };
    const mount = sharedMountOf(owner);
    const storage = this.storage(props);
    const servers = new Servers(this, 'servers', {
      ...owner,
      spec: cloudServers(spec.servers),
      statements: [...secretReads(owner, registration.secrets), ...serverStatements(owner, foundation)],
      securityGroupIds: [security.serverGroupId],
      targetGroupArns: plane.targetGroupArns,
      userData: (server) =>
        renderUserData({
          env: memberServerEnvironment({ ...owner, podIdentity, registration }, server),
          steps: memberServerSteps({
            ...waysOut(environment),
            ...extrasOf(environment, spec.servers),
            mountStep: mount?.step,
            publishes: server.name === FIRST_SERVER,
          }),
          fetcher: projectPath('userdata', 'fetch.sh'),
          limit: userDataLimit,
          what: `server '${server.name}' of cluster '${clusterName}'`,
        }),
      after: storage?.ready ?? [],
    });
    const groups = new Construct(this, 'groups');
    const nodeGroups = Object.entries(groupsIn(spec, network.siteName)).map(
      ([name, group]) =>
        new NodeGroup(groups, name, { ...owner, name, spec: cloudGroup(group), security, registration, web, storage }),
    );
    this.ready = [...servers.ready, ...nodeGroups.map((group) => group.ready)];
  }

  /** What every node mounts before it joins; nothing where no files are shared. */
  private storage({
    environment,
    network,
    clusterName,
    spec,
    foundation,
  }: MemberMachinesProps): ISharedStorage | undefined {
    const { storageGroupId: securityGroupId } = foundation.security;
    if (spec.storage === undefined || securityGroupId === undefined) return undefined;
    const owner = { environment, network, clusterName };
    return new StorageNodes(this, 'storage', { ...owner, spec: cloudGluster(spec.storage.gluster), securityGroupId });
  }
}
