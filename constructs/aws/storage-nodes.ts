import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { storageAddress } from '../../model/network-plan';
import type { CloudGlusterSpec } from '../../model/spec/storage';
import { STORAGE_NODES } from '../../model/storage';
import { extrasOf } from '../bootstrap/extras';
import { storageNodeSettings } from '../bootstrap/gluster';
import { storageNodeSteps } from '../bootstrap/machine-steps';
import { renderUserData } from '../bootstrap/user-data';
import { waysOut } from '../bootstrap/way-out';
import { projectPath } from '../core/project-path';
import type { ISharedStorage } from '../platform/shared-storage';
import { imageId } from './image';
import { machineEnvironment } from './machine-environment';
import { MachineRole } from './machine-role';
import type { MachineOwner } from './machine-statements';
import { Readiness } from './readiness';
import { ReadinessDocument } from './readiness-document';
import { Renewals } from './renewals';
import { StorageNode } from './storage-node';
import { userDataLimit } from './user-data-limit';

/** The storage nodes of one cluster. */
export interface StorageNodesProps extends MachineOwner {
  readonly spec: CloudGlusterSpec;
  /** What they are in the rules of the cluster. */
  readonly securityGroupId: string;
}

/**
 * The machines that keep a cluster's files: one a zone, each keyed, renewed one at a time, and waited for until its copy
 * is complete. They may do what any machine may, and nothing more.
 */
export class StorageNodes extends Construct implements ISharedStorage {
  public readonly mountPoint: string;
  public readonly nodes = STORAGE_NODES;
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: StorageNodesProps) {
    super(scope, id);
    const { environment, network, clusterName, spec } = props;
    const owner = { environment, network, clusterName };
    this.mountPoint = spec.mountPoint;
    const document = new ReadinessDocument(this, 'readiness', { environment, clusterName, what: 'storage' });
    const renewals = new Renewals(this, 'renewals', {
      environment,
      clusterName,
      what: 'storage node',
      wanted: Object.fromEntries(this.nodes.map((name) => [name, spec.renew[name] ?? 0])),
    });
    const settings = {
      ...owner,
      spec,
      role: new MachineRole(this, 'role', { ...owner, purpose: 'storage', statements: [] }),
      imageId: imageId(this, 'image', spec.machine.image),
      securityGroupIds: [props.securityGroupId],
      renewals: renewals.guard,
    };
    this.ready = this.nodes.map((name) => {
      const server = new StorageNode(this, name, {
        ...settings,
        name,
        userData: ({ nodeName, volumeId }) =>
          renderUserData({
            env: {
              ...machineEnvironment(owner),
              ...storageNodeSettings(owner, {
                address: storageAddress(environment, clusterName, name),
                disk: volumeId,
              }),
              DROVER_ROLE: 'storage',
              DROVER_NODE: nodeName,
            },
            steps: storageNodeSteps({ ...waysOut(environment), ...extrasOf(environment, {}) }),
            fetcher: projectPath('userdata', 'fetch.sh'),
            limit: userDataLimit,
            what: `storage node '${name}' of cluster '${clusterName}'`,
          }),
      });
      const { reported } = new Readiness(server, 'readiness', { document, server });
      renewals.reached(name, [reported]);
      return reported;
    });
  }
}
