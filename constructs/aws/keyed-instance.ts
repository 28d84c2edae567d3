import { Instance } from '@cdktf/provider-aws/lib/instance';
import type { NetworkInterface } from '@cdktf/provider-aws/lib/network-interface';
import { Fn, type ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { MachineSpec } from '../../model/spec/machine';
import { addressOf } from '../core/address-of';
import type { TerraformData } from '../core/terraform-data';
import type { IBootstrapBundle } from '../platform/bundle';
import type { MachineRole } from './machine-role';
import { metadataOptions, systemDisk } from './machine-settings';
import { BOOTSTRAP_TAG } from './machine-statements';
import type { Network } from './network';

/** A machine with a key and an address that outlive it. */
export interface KeyedInstanceProps {
  readonly network: Network;
  readonly machine: MachineSpec;
  readonly imageId: string;
  /** Scripts of first boot. @default - the site's */
  readonly bundle?: IBootstrapBundle | undefined;
  /** Holds the machine's address. */
  readonly networkInterface: NetworkInterface;
  readonly role: MachineRole;
  /** Cloud-config. */
  readonly userData: string;
  /** A change of it replaces the machine, and nothing else does. */
  readonly renewal: TerraformData;
  /** Of the machine alone. */
  readonly tags: Readonly<Record<string, string>>;
  /** Of its disk. */
  readonly diskTags: Readonly<Record<string, string>>;
  /** What must be there before it starts. @default - nothing */
  readonly after?: readonly ITerraformDependable[];
}

/** A machine that is replaced for one reason alone: its renewal. A new image, type or bundle waits for that. */
export function keyedInstance(scope: Construct, id: string, props: KeyedInstanceProps): Instance {
  const { network, machine, role, renewal, bundle = network.bundle } = props;
  return new Instance(scope, id, {
    ami: props.imageId,
    instanceType: machine.instanceType,
    primaryNetworkInterface: { networkInterfaceId: props.networkInterface.id },
    iamInstanceProfile: role.profileName,
    userDataBase64: Fn.base64encode(props.userData),
    ebsOptimized: true,
    monitoring: true,
    metadataOptions: metadataOptions(),
    rootBlockDevice: { ...systemDisk(machine.rootDiskGiB, network.kmsKeyArn), tags: { ...props.diskTags } },
    tags: {
      ...props.tags,
      // What this machine was made of; `drover inventory` compares it with what the program would give today.
      'drover:bundle': bundle.sha256,
      'drover:image': machine.image,
    },
    dependsOn: [role.rights, ...(props.after ?? [])],
    lifecycle: {
      ignoreChanges: [
        'ami',
        'instance_type',
        'user_data_base64',
        'tags["drover:bundle"]',
        'tags["drover:image"]',
        // Written by the machine itself.
        `tags["${BOOTSTRAP_TAG}"]`,
      ],
      replaceTriggeredBy: [addressOf(renewal)],
    },
  });
}
