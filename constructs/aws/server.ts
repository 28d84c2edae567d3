import { EbsVolume } from '@cdktf/provider-aws/lib/ebs-volume';
import type { Instance } from '@cdktf/provider-aws/lib/instance';
import { LbTargetGroupAttachment } from '@cdktf/provider-aws/lib/lb-target-group-attachment';
import { NetworkInterface } from '@cdktf/provider-aws/lib/network-interface';
import { VolumeAttachment } from '@cdktf/provider-aws/lib/volume-attachment';
import type { ITerraformDependable, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { awsSiteOf } from '../../model/lookup';
import { physicalName } from '../../model/naming';
import { serverAddress, serverZone } from '../../model/network-plan';
import type { CloudServersSpec } from '../../model/spec/servers';
import { addressOf } from '../core/address-of';
import { TerraformData } from '../core/terraform-data';
import { clusterTag } from './cluster-tag';
import { keyedInstance } from './keyed-instance';
import { noSubnet } from './machine-errors';
import type { MachineRole } from './machine-role';
import type { MachineOwner } from './machine-statements';

/** What is known of a server before its machine exists; its user data is made of it. */
export interface ServerIdentity {
  /** Key: `s1` to `s7`. */
  readonly name: string;
  /** Name under which it is a node; it stays when the machine is renewed. */
  readonly nodeName: string;
  /** Its data disk. */
  readonly volumeId: string;
}

/** What the servers of a cluster have in common. */
export interface ServerSettings extends MachineOwner {
  readonly spec: CloudServersSpec;
  readonly role: MachineRole;
  readonly imageId: string;
  readonly securityGroupIds: readonly string[];
  /** Target groups by what they serve; servers are registered by address. */
  readonly targetGroupArns: Readonly<Record<string, string>>;
  /** Cloud-config of a server. */
  readonly userData: (server: ServerIdentity) => string;
  /** What must hold before any server is renewed. */
  readonly renewals: TerraformResource;
}

/** One server: an address, a name and a data disk that stay, and a machine that can be renewed. */
export interface ServerProps extends ServerSettings {
  /** Key: `s1` to `s7`. */
  readonly name: string;
}

/** Device that the data disk is asked for; Nitro machines show it as an NVMe device and the bootstrap finds it by serial. */
const DATA_DEVICE = '/dev/sdf';

/**
 * A control-plane and etcd machine. An existing one is replaced for one reason alone: its number in `servers.renew`.
 * A new image, type or bundle waits for that.
 */
export class Server extends Construct {
  public readonly instance: Instance;
  /** Interface, disk and targets are in place: what the server's report waits for. */
  public readonly attachments: readonly ITerraformDependable[];

  private readonly zone: string;

  public constructor(scope: Construct, id: string, props: ServerProps) {
    super(scope, id);
    const { environment, network, clusterName, name } = props;
    this.zone = serverZone(awsSiteOf(environment, network.siteName), name);
    const address = serverAddress(environment, clusterName, name);
    const nodeName = physicalName('kubernetesName', [environment.name, clusterName, name]);
    const tags = { Name: nodeName, 'drover:node': name };

    const networkInterface = this.networkInterface(props, address, tags);
    const disk = new EbsVolume(this, 'disk', {
      // From the specification, never from the machine: a renewed machine would take its disk down with it.
      availabilityZone: `${network.region}${this.zone}`,
      type: 'gp3',
      size: props.spec.dataDiskGiB,
      encrypted: true,
      kmsKeyId: network.kmsKeyArn,
      tags,
    });
    const userData = props.userData({ name, nodeName, volumeId: disk.id });
    this.instance = this.machine(props, networkInterface, userData, tags);
    const attachment = new VolumeAttachment(this, 'disk-attachment', {
      deviceName: DATA_DEVICE,
      instanceId: this.instance.id,
      volumeId: disk.id,
      // A file system that is pulled from under a running etcd may lose its last writes.
      stopInstanceBeforeDetaching: true,
    });
    this.attachments = [attachment, ...this.targets(props.targetGroupArns, address)];
  }

  private networkInterface(props: ServerProps, address: string, tags: Record<string, string>): NetworkInterface {
    const subnets = props.network.subnets[this.zone];
    if (subnets === undefined) throw noSubnet(this.zone, props.network.siteName);
    return new NetworkInterface(this, 'interface', {
      subnetId: subnets.servers,
      privateIps: [address],
      securityGroups: [...props.securityGroupIds],
      tags,
    });
  }

  private machine(
    props: ServerProps,
    networkInterface: NetworkInterface,
    userData: string,
    tags: Record<string, string>,
  ): Instance {
    const { environment, clusterName, name, network, role, spec } = props;
    const renewal = new TerraformData(this, 'renewal', { input: spec.renew[name] ?? 0 });
    renewal.dependsOn = [addressOf(props.renewals)];
    return keyedInstance(this, 'machine', {
      network,
      machine: spec.machine,
      imageId: props.imageId,
      networkInterface,
      role,
      userData,
      renewal,
      tags: { ...tags, ...clusterTag(environment, clusterName) },
      diskTags: tags,
    });
  }

  /** By address, so that a renewed machine keeps its registrations. */
  private targets(groups: Readonly<Record<string, string>>, address: string): ITerraformDependable[] {
    return Object.entries(groups).map(
      ([key, arn]) => new LbTargetGroupAttachment(this, `target-${key}`, { targetGroupArn: arn, targetId: address }),
    );
  }
}
