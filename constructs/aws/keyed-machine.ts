import { EbsVolume } from '@cdktf/provider-aws/lib/ebs-volume';
import type { Instance } from '@cdktf/provider-aws/lib/instance';
import { NetworkInterface } from '@cdktf/provider-aws/lib/network-interface';
import { VolumeAttachment } from '@cdktf/provider-aws/lib/volume-attachment';
import type { ITerraformDependable, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import { awsSiteOf } from '../../model/lookup';
import { serverZone } from '../../model/network-plan';
import type { MachineSpec } from '../../model/spec/machine';
import { addressOf } from '../core/address-of';
import { TerraformData } from '../core/terraform-data';
import { machineNameOf } from '../platform/belonging';
import { keyedInstance } from './keyed-instance';
import { noSubnet } from './errors';
import type { MachineRole } from './machine-role';
import type { MachinePlace } from './machine-statements';

/** What is known of a machine before it exists; its user data is made of it. */
export interface KeyedMachineIdentity {
  /** Key: `s1` to `s7` of a server, `g1` to `g3` of a storage node, that of a machine in its site. */
  readonly name: string;
  /** Name of the machine, which stays when it is renewed. */
  readonly nodeName: string;
  /** Its data disk; empty without one. */
  readonly volumeId: string;
}

/** What the keyed machines of one kind have in common. */
export interface KeyedMachineSettings extends MachinePlace {
  readonly role: MachineRole;
  readonly imageId: string;
  readonly securityGroupIds: readonly string[];
  /** Cloud-config of a machine. */
  readonly userData: (machine: KeyedMachineIdentity) => string;
  /** What must hold before any of them is renewed. */
  readonly renewals: TerraformResource;
  /** What must be there before any of them starts. @default - nothing */
  readonly after?: readonly ITerraformDependable[];
}

/** One of them. */
export interface KeyedMachineProps extends KeyedMachineSettings {
  /** Its key, which also says its zone unless that is given. */
  readonly name: string;
  /** Zone that it stands in. @default - that of a server of this key */
  readonly zone?: string;
  readonly machine: MachineSpec;
  /** @default - it has no disk of its own */
  readonly dataDiskGiB?: number | undefined;
  /** A change of it replaces the machine, and nothing else does. */
  readonly renewal: number;
  /** Fixed private address. */
  readonly address: string;
  /** Tag that tells the keys of this kind; on the disks and the interface as well. */
  readonly keyTag: string;
  /** Further tags of the machine alone. @default - none */
  readonly machineTags?: Readonly<Record<string, string>>;
}

/** A machine with what outlives it. */
export interface KeyedMachine {
  readonly instance: Instance;
  /** The data disk is in place; nothing without one. */
  readonly attachments: readonly ITerraformDependable[];
}

/** Device that the data disk is asked for; Nitro machines show it as an NVMe device and the bootstrap finds it by serial. */
const DATA_DEVICE = '/dev/sdf';

/** An address, a name and a data disk that stay, and a machine that can be renewed. */
export function keyedMachine(scope: Construct, props: KeyedMachineProps): KeyedMachine {
  const { environment, network, clusterName, name, keyTag } = props;
  const { zone = serverZone(awsSiteOf(environment, network.siteName), name) } = props;
  const machineName = machineNameOf({ environment, network, clusterName }, name);
  const tags = { Name: machineName, [keyTag]: name };

  const disk = props.dataDiskGiB === undefined ? undefined : dataDisk(scope, zone, props.dataDiskGiB, props, tags);
  const renewal = new TerraformData(scope, 'renewal', { input: props.renewal });
  renewal.dependsOn = [addressOf(props.renewals)];
  const instance = keyedInstance(scope, 'machine', {
    network,
    machine: props.machine,
    imageId: props.imageId,
    bundle: props.bundle,
    networkInterface: networkInterface(scope, zone, props, tags),
    role: props.role,
    userData: props.userData({ name, nodeName: machineName, volumeId: disk?.id ?? '' }),
    renewal,
    tags: { ...tags, ...props.machineTags },
    diskTags: tags,
    after: props.after ?? [],
  });
  if (disk === undefined) return { instance, attachments: [] };
  const attachment = new VolumeAttachment(scope, 'disk-attachment', {
    deviceName: DATA_DEVICE,
    instanceId: instance.id,
    volumeId: disk.id,
    // A file system that is pulled from under a running etcd or brick may lose its last writes.
    stopInstanceBeforeDetaching: true,
  });
  return { instance, attachments: [attachment] };
}

function dataDisk(
  scope: Construct,
  zone: string,
  sizeGiB: number,
  { network }: KeyedMachineProps,
  tags: Record<string, string>,
): EbsVolume {
  return new EbsVolume(scope, 'disk', {
    // From the specification, never from the machine: a renewed machine would take its disk down with it.
    availabilityZone: `${network.region}${zone}`,
    type: 'gp3',
    size: sizeGiB,
    encrypted: true,
    kmsKeyId: network.kmsKeyArn,
    tags,
  });
}

function networkInterface(
  scope: Construct,
  zone: string,
  { network, address, securityGroupIds }: KeyedMachineProps,
  tags: Record<string, string>,
): NetworkInterface {
  const subnets = network.subnets[zone];
  if (subnets === undefined) throw noSubnet(zone, network.siteName);
  return new NetworkInterface(scope, 'interface', {
    subnetId: subnets.servers,
    privateIps: [address],
    securityGroups: [...securityGroupIds],
    tags,
  });
}
