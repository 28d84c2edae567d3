import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { extrasOf } from '../bootstrap/extras';
import { storageNodeSettings } from '../bootstrap/gluster';
import { storageNodeSteps } from '../bootstrap/machine-steps';
import { waysOut } from '../bootstrap/way-out';
import type { ClusterSecurity } from './cluster-security';
import { noBrickDisk } from './errors';
import { Host } from './host';
import { hostOf } from './host-spec';
import { machineEnvironment } from './machine-environment';
import type { MachineOwner } from './machine-owner';

/** One storage node: a host with a disk for a brick. */
export interface StorageNodeProps {
  readonly owner: MachineOwner;
  readonly security: ClusterSecurity;
  /** Name of the host in its site. */
  readonly name: string;
  /** What must hold before anything is changed on it. */
  readonly after: readonly ITerraformDependable[];
}

/** A host that keeps a copy of a cluster's files. Who it is to its peers lies on its brick's disk. */
export function storageNode(scope: Construct, id: string, { owner, security, name, after }: StorageNodeProps): Host {
  const { environment, network, clusterName } = owner;
  const { address, disks } = hostOf(network.site, network.siteName, name);
  const { brick: disk } = disks;
  if (disk === undefined) throw noBrickDisk(name, network.siteName);
  return new Host(scope, id, {
    owner,
    name,
    grants: [],
    env: (role) => ({
      ...machineEnvironment(owner, name, role),
      ...security.firewall(['storage']),
      ...storageNodeSettings(owner, { address, disk }),
      GLUSTER_FIRST_COMES_LAST: 'true',
      DROVER_ROLE: 'storage',
    }),
    steps: storageNodeSteps({ ...waysOut(environment), ...extrasOf(environment, {}), firewalled: true }),
    what: `storage node '${name}' of cluster '${clusterName}'`,
    after,
  });
}
