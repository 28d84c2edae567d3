import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { storageAddress } from '../../model/network-plan';
import type { CloudGlusterSpec } from '../../model/spec/storage';
import { STORAGE_NODES } from '../../model/storage';
import { extrasOf } from '../bootstrap/extras';
import { storageNodeSettings } from '../bootstrap/gluster';
import { storageNodeSteps } from '../bootstrap/machine-steps';
import { waysOut } from '../bootstrap/way-out';
import type { ISharedStorage } from '../platform/shared-storage';
import type { ClusterSecurity } from './cluster-security';
import { machineEnvironment } from './machine-environment';
import type { MachineOwner } from './machine-owner';
import { MachineRole } from './machine-role';
import { Readiness } from './readiness';
import { Renewals } from './renewals';
import { StorageNode } from './storage-node';
import { machineUserData } from './user-data';

/** The storage nodes of one cluster. */
export interface StorageNodesProps {
  readonly owner: MachineOwner;
  readonly spec: CloudGlusterSpec;
  /** Rules of the cluster's network. */
  readonly security: ClusterSecurity;
  /** What they are in these rules. */
  readonly machineGroupId: string;
}

/**
 * The machines that keep a cluster's files: one a zone, each keyed, renewed one at a time, and waited for until its copy
 * is complete. They may do what any machine may, and nothing more.
 */
export class StorageNodes extends Construct implements ISharedStorage {
  public readonly mountPoint: string;
  public readonly nodes = STORAGE_NODES;
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { owner, spec, security, machineGroupId }: StorageNodesProps) {
    super(scope, id);
    const { environment, clusterName, network } = owner;
    this.mountPoint = spec.mountPoint;
    const renewals = new Renewals(this, 'renewals', {
      network,
      clusterName,
      what: 'storage node',
      wanted: Object.fromEntries(this.nodes.map((name) => [name, spec.renew[name] ?? 0])),
    });
    const role = new MachineRole(this, 'role', { ...owner, purpose: 'storage' });
    const settings = {
      ...owner,
      spec,
      role,
      securityGroupId: security.securityGroupId,
      machineGroupIds: { storage: machineGroupId },
      renewals: renewals.guard,
    };
    this.ready = this.nodes.map((name) => {
      const server = new StorageNode(this, name, {
        ...settings,
        name,
        userData: ({ nodeName, volumeId }) =>
          machineUserData({
            env: {
              ...machineEnvironment(owner, role),
              ...storageNodeSettings(owner, {
                address: storageAddress(environment, clusterName, name),
                disk: volumeId,
              }),
              DROVER_ROLE: 'storage',
              DROVER_NODE: nodeName,
            },
            steps: storageNodeSteps({ ...waysOut(environment), ...extrasOf(environment, {}) }),
            what: `storage node '${name}' of cluster '${clusterName}'`,
          }),
      });
      const { reported } = new Readiness(server, 'readiness', { server });
      renewals.reached(name, [reported]);
      return reported;
    });
  }
}
