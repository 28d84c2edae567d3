import { LinuxVirtualMachine } from '@cdktf/provider-azurerm/lib/linux-virtual-machine';
import { ManagedDisk } from '@cdktf/provider-azurerm/lib/managed-disk';
import { NetworkInterface } from '@cdktf/provider-azurerm/lib/network-interface';
import { NetworkInterfaceApplicationSecurityGroupAssociation } from '@cdktf/provider-azurerm/lib/network-interface-application-security-group-association';
import { NetworkInterfaceBackendAddressPoolAssociation } from '@cdktf/provider-azurerm/lib/network-interface-backend-address-pool-association';
import { NetworkInterfaceSecurityGroupAssociation } from '@cdktf/provider-azurerm/lib/network-interface-security-group-association';
import { VirtualMachineDataDiskAttachment } from '@cdktf/provider-azurerm/lib/virtual-machine-data-disk-attachment';
import { Fn, type ITerraformDependable, type TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import { azureSiteOf } from '../../model/lookup';
import { physicalName } from '../../model/naming';
import { serverZone } from '../../model/network-plan';
import type { MachineSpec } from '../../model/spec/machine';
import { addressOf } from '../core/address-of';
import { TerraformData } from '../core/terraform-data';
import { machineNameOf, namePartsOf } from '../platform/belonging';
import { noSubnet } from './errors';
import { imageOf } from './image';
import type { MachinePlace } from './machine-owner';
import type { MachineRole } from './machine-role';
import { adminAccess, DISK_TYPE, protection, systemDisk } from './machine-settings';

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
  /** Rules of the cluster's network. */
  readonly securityGroupId: string;
  /** What the machines are in these rules, by role. */
  readonly machineGroupIds: Readonly<Record<string, string>>;
  /** Pools of load balancers by what they serve; machines are registered by interface. @default - none */
  readonly poolIds?: Readonly<Record<string, string>>;
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
  /** Tag that tells the keys of this kind; on the disk and the interface as well. */
  readonly keyTag: string;
}

/** A machine with what outlives it. */
export interface KeyedMachine {
  readonly instance: LinuxVirtualMachine;
  /** Interface, disk and pools are in place: what the machine's report waits for. */
  readonly attachments: readonly ITerraformDependable[];
}

/** Logical unit of the data disk, by which the bootstrap finds it, SCSI or NVMe. */
const DATA_LUN = 0;

/** Name of the one address of an interface. */
const ADDRESS = 'address';

/** An address, a name and a data disk that stay, and a machine that can be renewed. */
export function keyedMachine(scope: Construct, props: KeyedMachineProps): KeyedMachine {
  const { environment, network, name, dataDiskGiB } = props;
  const { zone = serverZone(azureSiteOf(environment, network.siteName), name) } = props;
  const { id: interfaceId } = networkInterface(scope, zone, props);
  const reachable = reachableBy(scope, interfaceId, props);
  const disk = dataDiskGiB === undefined ? undefined : dataDisk(scope, zone, dataDiskGiB, props);
  const instance = machine(scope, zone, interfaceId, props, reachable);
  if (disk === undefined) return { instance, attachments: reachable };
  const attachment = new VirtualMachineDataDiskAttachment(scope, 'disk-attachment', {
    managedDiskId: disk.id,
    virtualMachineId: instance.id,
    lun: DATA_LUN,
    // etcd and bricks wait for their writes to be kept, so no cache may stand between.
    caching: 'None',
  });
  return { instance, attachments: [attachment, ...reachable] };
}

function dataDisk(scope: Construct, zone: string, sizeGiB: number, props: KeyedMachineProps): ManagedDisk {
  const { environment, network, clusterName, name, group, keyTag } = props;
  return new ManagedDisk(scope, 'disk', {
    ...group.place,
    name: physicalName('azureDisk', [...namePartsOf({ environment, network, clusterName }), name, 'data']),
    // From the specification, never from the machine: a renewed machine would take its disk down with it.
    zone,
    storageAccountType: DISK_TYPE,
    createOption: 'Empty',
    diskSizeGb: sizeGiB,
    networkAccessPolicy: 'DenyAll',
    publicNetworkAccessEnabled: false,
    tags: { [keyTag]: name },
  });
}

function networkInterface(scope: Construct, zone: string, props: KeyedMachineProps): NetworkInterface {
  const { environment, clusterName, network, name, group, keyTag } = props;
  const subnetId = network.subnets.servers[zone];
  if (subnetId === undefined) throw noSubnet(zone, network.siteName);
  return new NetworkInterface(scope, 'interface', {
    ...group.place,
    name: physicalName('azureNetworkInterface', [...namePartsOf({ environment, network, clusterName }), name]),
    acceleratedNetworkingEnabled: true,
    ipConfiguration: [
      { name: ADDRESS, subnetId, privateIpAddressAllocation: 'Static', privateIpAddress: props.address },
    ],
    tags: { [keyTag]: name },
  });
}

/** Rules and pools belong to the interface, so that a renewed machine keeps them. */
function reachableBy(
  scope: Construct,
  networkInterfaceId: string,
  { securityGroupId, machineGroupIds, poolIds = {} }: KeyedMachineProps,
): readonly ITerraformDependable[] {
  return [
    new NetworkInterfaceSecurityGroupAssociation(scope, 'rules', {
      networkInterfaceId,
      networkSecurityGroupId: securityGroupId,
    }),
    ...Object.entries(machineGroupIds).map(
      ([role, applicationSecurityGroupId]) =>
        new NetworkInterfaceApplicationSecurityGroupAssociation(scope, `group-${role}`, {
          networkInterfaceId,
          applicationSecurityGroupId,
        }),
    ),
    ...Object.entries(poolIds).map(
      ([key, backendAddressPoolId]) =>
        new NetworkInterfaceBackendAddressPoolAssociation(scope, `pool-${key}`, {
          networkInterfaceId,
          ipConfigurationName: ADDRESS,
          backendAddressPoolId,
        }),
    ),
  ];
}

function machine(
  scope: Construct,
  zone: string,
  interfaceId: string,
  props: KeyedMachineProps,
  reachable: readonly ITerraformDependable[],
): LinuxVirtualMachine {
  const { environment, clusterName, name, network, role, group, bundle, machine: spec, after = [] } = props;
  const renewal = new TerraformData(scope, 'renewal', { input: props.renewal });
  renewal.dependsOn = [addressOf(props.renewals)];
  const machineName = machineNameOf({ environment, network, clusterName }, name);
  const userData = props.userData({
    name,
    nodeName: machineName,
    volumeId: props.dataDiskGiB === undefined ? '' : `lun:${DATA_LUN}`,
  });
  return new LinuxVirtualMachine(scope, 'machine', {
    ...group.place,
    ...adminAccess(network.adminPublicKey),
    ...protection,
    ...imageOf(spec.image),
    // The cloud controller manager finds a node by the name of its machine.
    name: machineName,
    computerName: machineName,
    size: spec.instanceType,
    zone,
    networkInterfaceIds: [interfaceId],
    identity: { type: 'UserAssigned', identityIds: [role.identityId] },
    customData: Fn.base64encode(userData),
    osDisk: systemDisk(spec.rootDiskGiB),
    bootDiagnostics: {},
    tags: {
      [props.keyTag]: name,
      // What this machine was made of; `drover inventory` compares it with what the program would give today.
      'drover:bundle': bundle.sha256,
      'drover:image': spec.image,
    },
    dependsOn: [...role.rights, ...reachable, ...after],
    lifecycle: {
      ignoreChanges: [
        'source_image_reference',
        'source_image_id',
        'size',
        // The provider stops a machine to give it a larger disk, and would stop all servers of a cluster at once.
        'os_disk[0].disk_size_gb',
        'custom_data',
        'admin_ssh_key',
        'tags["drover:bundle"]',
        'tags["drover:image"]',
      ],
      replaceTriggeredBy: [addressOf(renewal)],
    },
  });
}
