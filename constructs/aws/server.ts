import type { Instance } from '@cdktf/provider-aws/lib/instance';
import { LbTargetGroupAttachment } from '@cdktf/provider-aws/lib/lb-target-group-attachment';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { serverAddress } from '../../model/network-plan';
import type { CloudServersSpec } from '../../model/spec/servers';
import { clusterTag } from './cluster-tag';
import { keyedMachine, type KeyedMachineSettings } from './keyed-machine';

/** What the servers of a cluster have in common. */
export interface ServerSettings extends KeyedMachineSettings {
  readonly clusterName: string;
  readonly spec: CloudServersSpec;
  /** Target groups by what they serve; servers are registered by address. */
  readonly targetGroupArns: Readonly<Record<string, string>>;
}

/** One server: an address, a name and a data disk that stay, and a machine that can be renewed. */
export interface ServerProps extends ServerSettings {
  /** Key: `s1` to `s7`. */
  readonly name: string;
}

/**
 * A control-plane and etcd machine. An existing one is replaced for one reason alone: its number in `servers.renew`.
 * A new image, type or bundle waits for that.
 */
export class Server extends Construct {
  public readonly instance: Instance;
  /** Interface, disk and targets are in place: what the server's report waits for. */
  public readonly attachments: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: ServerProps) {
    super(scope, id);
    const { environment, clusterName, name, spec } = props;
    const address = serverAddress(environment, clusterName, name);
    const { instance, attachments } = keyedMachine(this, {
      ...props,
      machine: spec.machine,
      dataDiskGiB: spec.dataDiskGiB,
      renewal: spec.renew[name] ?? 0,
      address,
      keyTag: 'drover:node',
      machineTags: clusterTag(environment, clusterName),
    });
    this.instance = instance;
    this.attachments = [...attachments, ...this.targets(props.targetGroupArns, address)];
  }

  /** By address, so that a renewed machine keeps its registrations. */
  private targets(groups: Readonly<Record<string, string>>, address: string): ITerraformDependable[] {
    return Object.entries(groups).map(
      ([key, arn]) => new LbTargetGroupAttachment(this, `target-${key}`, { targetGroupArn: arn, targetId: address }),
    );
  }
}
