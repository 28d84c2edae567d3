import type { LinuxVirtualMachine } from '@cdktf/provider-azurerm/lib/linux-virtual-machine';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { storageAddress } from '../../model/network-plan';
import type { CloudGlusterSpec } from '../../model/spec/storage';
import { brickGiB, type StorageNodeKey } from '../../model/storage';
import { keyedMachine, type KeyedMachineSettings } from './keyed-machine';

/** One storage node: an address, a name and a brick that stay, and a machine that can be renewed. */
export interface StorageNodeProps extends KeyedMachineSettings {
  readonly clusterName: string;
  readonly spec: CloudGlusterSpec;
  readonly name: StorageNodeKey;
}

/** A machine that keeps a copy of a cluster's files. It is replaced for one reason alone: its number in `renew`. */
export class StorageNode extends Construct {
  public readonly instance: LinuxVirtualMachine;
  /** Interface and brick are in place: what the machine's report waits for. */
  public readonly attachments: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: StorageNodeProps) {
    super(scope, id);
    const { environment, clusterName, name, spec } = props;
    const { instance, attachments } = keyedMachine(this, {
      ...props,
      machine: spec.machine,
      dataDiskGiB: brickGiB(spec, name),
      renewal: spec.renew[name] ?? 0,
      address: storageAddress(environment, clusterName, name),
      // Not the servers' tag: these hold no etcd, and are counted by themselves.
      keyTag: 'drover:storage',
    });
    this.instance = instance;
    this.attachments = attachments;
  }
}
