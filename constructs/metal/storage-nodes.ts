import { Annotations, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { MetalGlusterSpec } from '../../model/spec/storage';
import type { ISharedStorage } from '../platform/shared-storage';
import type { ClusterSecurity } from './cluster-security';
import { bricksInOneRack } from './errors';
import { hostOf } from './host-spec';
import type { MachineOwner } from './machine-owner';
import { storageNode } from './storage-node';

/** The storage nodes of one cluster. */
export interface StorageNodesProps {
  readonly owner: MachineOwner;
  readonly spec: MetalGlusterSpec;
  readonly security: ClusterSecurity;
}

/**
 * The hosts that keep a cluster's files: one a rack where there are three, changed one after the other, each waited for
 * until its copy is complete. The first one gathers the others and makes the volume, so that it comes last.
 */
export class StorageNodes extends Construct implements ISharedStorage {
  public readonly mountPoint: string;
  public readonly nodes: readonly string[];
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { owner, spec, security }: StorageNodesProps) {
    super(scope, id);
    this.mountPoint = spec.mountPoint;
    this.nodes = spec.hosts;
    for (const [rack, hosts] of sharedRacks(owner, spec.hosts)) {
      // No refusal: a hall may have two racks, and nothing is lost with one, only out of reach until it is back.
      Annotations.of(this).addWarning(bricksInOneRack(owner.clusterName, hosts, rack));
    }
    const inOrder = [...this.nodes.slice(1), ...this.nodes.slice(0, 1)];
    this.ready = inOrder.reduce<ITerraformDependable[]>((before, name) => {
      const { ready } = storageNode(this, name, { owner, security, name, after: before.slice(-1) });
      return [...before, ready];
    }, []);
  }
}

/** Racks that hold more than one of these hosts. */
function sharedRacks({ network }: MachineOwner, names: readonly string[]): [rack: string, hosts: string[]][] {
  const rackOf = (name: string): string | undefined => hostOf(network.site, network.siteName, name).rack;
  const racks = new Set(names.flatMap((name) => rackOf(name) ?? []));
  return [...racks]
    .map((rack): [string, string[]] => [rack, names.filter((name) => rackOf(name) === rack)])
    .filter(([, hosts]) => hosts.length > 1);
}
