import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { groupsIn } from '../../model/guests';
import { cloudGluster, cloudGroup, cloudServers } from '../../model/lookup';
import type { ClusterSpec } from '../../model/spec/cluster';
import { extrasOf } from '../bootstrap/extras';
import { sharedMountOf } from '../bootstrap/gluster';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import { memberServerSteps } from '../bootstrap/machine-steps';
import type { ISharedStorage } from '../platform/shared-storage';
import { secretRead } from './machine-role';
import type { MemberFoundation } from './member-foundation';
import { NodeGroup } from './node-group';
import { preparationOf } from './preparation';
import { FIRST_SERVER, memberServerEnvironment } from './server-environment';
import { Servers } from './servers';
import { StorageNodes } from './storage-nodes';
import { machineUserData } from './user-data';

/** The machines of a member, what they stand on and how they find their cluster. */
export interface MemberMachinesProps {
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
    const { spec, foundation, registration } = props;
    const { owner, security, plane, web, podIdentity, snapshots, role } = foundation;
    const { environment, clusterName, group } = owner;
    role.grant({
      'registration-token': secretRead(registration.token),
      'registration-checksum': secretRead(registration.checksum),
      issuer: { role: 'Storage Blob Data Contributor', scope: podIdentity.containerId },
      ...snapshots.grants,
      // The cloud controller manager looks at machines, the disk driver makes disks and attaches them.
      machines: { role: 'Virtual Machine Contributor', scope: group.id },
    });
    const mount = sharedMountOf(owner);
    const storage = this.storage(props);
    const servers = new Servers(this, 'servers', {
      ...owner,
      spec: cloudServers(spec.servers),
      role,
      securityGroupId: security.securityGroupId,
      machineGroupIds: { server: security.serverGroupId },
      poolIds: { plane: plane.poolId },
      userData: (server) =>
        machineUserData({
          env: memberServerEnvironment({ owner, role, podIdentity, snapshots, registration }, server),
          steps: memberServerSteps({
            ...preparationOf(environment),
            ...extrasOf(environment, spec.servers),
            mountStep: mount?.step,
            publishes: server.name === FIRST_SERVER,
            ...snapshots.keeping,
          }),
          what: `server '${server.name}' of cluster '${clusterName}'`,
        }),
      after: storage?.ready ?? [],
    });
    const groups = new Construct(this, 'groups');
    const nodeGroups = Object.entries(groupsIn(spec, owner.network.siteName)).map(
      ([name, group]) =>
        new NodeGroup(groups, name, { ...owner, name, spec: cloudGroup(group), security, registration, web, storage }),
    );
    this.ready = [...servers.ready, ...nodeGroups.map((it) => it.ready)];
  }

  /** What every node mounts before it joins; nothing where no files are shared. */
  private storage({ spec, foundation: { owner, security } }: MemberMachinesProps): ISharedStorage | undefined {
    const { storageGroupId: machineGroupId } = security;
    if (spec.storage === undefined || machineGroupId === undefined) return undefined;
    return new StorageNodes(this, 'storage', {
      owner,
      spec: cloudGluster(spec.storage.gluster),
      security,
      machineGroupId,
    });
  }
}
