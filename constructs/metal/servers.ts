import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { MetalServersSpec } from '../../model/spec/servers';
import type { BootstrapEnv } from '../bootstrap/env';
import type { StepName } from '../bootstrap/step';
import type { IServers } from '../platform/servers';
import { Host } from './host';
import type { MachineOwner } from './machine-owner';
import type { Grant } from './machine-role';
import type { ServerIdentity } from './server-environment';
import { snapshotGrants } from './snapshot-store';

/** The servers of one cluster. */
export interface ServersProps {
  readonly owner: MachineOwner;
  readonly spec: MetalServersSpec;
  /** What the first server may do, which may begin the cluster. */
  readonly firstGrants: readonly Grant[];
  readonly grants: readonly Grant[];
  readonly env: (server: ServerIdentity) => BootstrapEnv;
  readonly steps: (isFirst: boolean) => readonly StepName[];
  /** What they use: there before they come, and until they have left. @default - nothing */
  readonly uses?: readonly ITerraformDependable[];
  /** What must hold before the first of them is changed. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The control-plane and etcd hosts of a cluster. Each comes after the one before it: whatever is brought to them, never
 * more than one is changed at a time, and none after one that failed.
 */
export class Servers extends Construct implements IServers {
  public readonly names: readonly string[];
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: ServersProps) {
    super(scope, id);
    const { owner, spec, uses = [] } = props;
    this.names = spec.hosts;
    this.ready = this.names.reduce<ITerraformDependable[]>((before, name, index) => {
      const isFirst = index === 0;
      const host = new Host(this, name, {
        owner,
        name,
        grants: [...(isFirst ? props.firstGrants : props.grants), ...snapshotGrants(owner)],
        env: (role) => props.env({ name, isFirst, role }),
        steps: props.steps(isFirst),
        what: `server '${name}' of cluster '${owner.clusterName}'`,
        uses,
        after: isFirst ? props.after : before.slice(-1),
      });
      return [...before, host.ready];
    }, []);
  }
}
