import type { LinuxVirtualMachine } from '@cdktf/provider-azurerm/lib/linux-virtual-machine';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { serverAddress } from '../../model/network-plan';
import type { CloudServersSpec } from '../../model/spec/servers';
import { keyedMachine, type KeyedMachineSettings } from './keyed-machine';

/** What the servers of a cluster have in common. */
export interface ServerSettings extends KeyedMachineSettings {
  readonly clusterName: string;
  readonly spec: CloudServersSpec;
}

/** One server: an address, a name and a data disk that stay, and a machine that can be renewed. */
export interface ServerProps extends ServerSettings {
  /** Key: `s1` to `s7`. */
  readonly name: string;
}

/**
 * A control-plane and etcd machine. An existing one is replaced for one reason alone: its number in `servers.renew`.
 * A new image, size, root disk or bundle waits for that.
 */
export class Server extends Construct {
  public readonly instance: LinuxVirtualMachine;
  /** Interface, disk and pools are in place: what the server's report waits for. */
  public readonly attachments: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: ServerProps) {
    super(scope, id);
    const { environment, clusterName, name, spec } = props;
    const { instance, attachments } = keyedMachine(this, {
      ...props,
      machine: spec.machine,
      dataDiskGiB: spec.dataDiskGiB,
      renewal: spec.renew[name] ?? 0,
      address: serverAddress(environment, clusterName, name),
      keyTag: 'drover:node',
    });
    this.instance = instance;
    this.attachments = attachments;
  }
}
