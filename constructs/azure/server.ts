import { LinuxVirtualMachine } from '@cdktf/provider-azurerm/lib/linux-virtual-machine';
import { ManagedDisk } from '@cdktf/provider-azurerm/lib/managed-disk';
import { NetworkInterface } from '@cdktf/provider-azurerm/lib/network-interface';
import { NetworkInterfaceApplicationSecurityGroupAssociation } from '@cdktf/provider-azurerm/lib/network-interface-application-security-group-association';
import { NetworkInterfaceBackendAddressPoolAssociation } from '@cdktf/provider-azurerm/lib/network-interface-backend-address-pool-association';
import { NetworkInterfaceSecurityGroupAssociation } from '@cdktf/provider-azurerm/lib/network-interface-security-group-association';
import { VirtualMachineDataDiskAttachment } from '@cdktf/provider-azurerm/lib/virtual-machine-data-disk-attachment';
import { Fn, type ITerraformDependable, type TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { azureSiteOf } from '../../model/lookup';
import { physicalName } from '../../model/naming';
import { serverAddress, serverZone } from '../../model/network-plan';
import { nodeName } from '../../model/node-name';
import type { ServersSpec } from '../../model/spec/servers';
import { addressOf } from '../core/address-of';
import { TerraformData } from '../core/terraform-data';
import { noSubnet } from './errors';
import { imageOf } from './image';
import type { MachineOwner } from './machine-owner';
import type { MachineRole } from './machine-role';
import { adminAccess, DISK_TYPE, protection, systemDisk } from './machine-settings';

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
  readonly spec: ServersSpec;
  readonly role: MachineRole;
  /** Rules of the cluster's network. */
  readonly securityGroupId: string;
  /** What the servers are in these rules, by role. */
  readonly machineGroupIds: Readonly<Record<string, string>>;
  /** Pools of load balancers by what they serve; servers are registered by interface. */
  readonly poolIds: Readonly<Record<string, string>>;
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

/** Logical unit of the data disk, by which the bootstrap finds it, SCSI or NVMe. */
const DATA_LUN = 0;

/** Name of the one address of an interface. */
const ADDRESS = 'address';

/**
 * A control-plane and etcd machine. An existing one is replaced for one reason alone: its number in `servers.renew`.
 * A new image, size, root disk or bundle waits for that.
 */
export class Server extends Construct {
  public readonly instance: LinuxVirtualMachine;
  /** Interface, disk and pools are in place: what the server's report waits for. */
  public readonly attachments: readonly ITerraformDependable[];

  private readonly zone: string;
  private readonly nodeName: string;

  public constructor(scope: Construct, id: string, props: ServerProps) {
    super(scope, id);
    const { environment, network, clusterName, name, group } = props;
    this.zone = serverZone(azureSiteOf(environment, network.siteName), name);
    this.nodeName = nodeName(environment, clusterName, name);
    const networkInterface = this.networkInterface(props);
    const reachable = this.reachable(props, networkInterface);
    const disk = new ManagedDisk(this, 'disk', {
      ...group.place,
      name: physicalName('azureDisk', [environment.name, clusterName, name, 'data']),
      // From the specification, never from the machine: a renewed machine would take its disk down with it.
      zone: this.zone,
      storageAccountType: DISK_TYPE,
      createOption: 'Empty',
      diskSizeGb: props.spec.dataDiskGiB,
      networkAccessPolicy: 'DenyAll',
      publicNetworkAccessEnabled: false,
      tags: { 'drover:node': name },
    });
    const userData = props.userData({ name, nodeName: this.nodeName, volumeId: `lun:${DATA_LUN}` });
    this.instance = this.machine(props, networkInterface, userData, reachable);
    const attachment = new VirtualMachineDataDiskAttachment(this, 'disk-attachment', {
      managedDiskId: disk.id,
      virtualMachineId: this.instance.id,
      lun: DATA_LUN,
      // etcd waits for its writes to be kept, so no cache may stand between.
      caching: 'None',
    });
    this.attachments = [attachment, ...reachable];
  }

  private networkInterface(props: ServerProps): NetworkInterface {
    const { environment, clusterName, network, name, group } = props;
    const subnetId = network.subnets.servers[this.zone];
    if (subnetId === undefined) throw noSubnet(this.zone, network.siteName);
    return new NetworkInterface(this, 'interface', {
      ...group.place,
      name: physicalName('azureNetworkInterface', [environment.name, clusterName, name]),
      acceleratedNetworkingEnabled: true,
      ipConfiguration: [
        {
          name: ADDRESS,
          subnetId,
          privateIpAddressAllocation: 'Static',
          privateIpAddress: serverAddress(environment, clusterName, name),
        },
      ],
      tags: { 'drover:node': name },
    });
  }

  /** Rules and pools belong to the interface, so that a renewed machine keeps them. */
  private reachable(props: ServerProps, { id }: NetworkInterface): readonly ITerraformDependable[] {
    const { securityGroupId, machineGroupIds, poolIds } = props;
    return [
      new NetworkInterfaceSecurityGroupAssociation(this, 'rules', {
        networkInterfaceId: id,
        networkSecurityGroupId: securityGroupId,
      }),
      ...Object.entries(machineGroupIds).map(
        ([role, applicationSecurityGroupId]) =>
          new NetworkInterfaceApplicationSecurityGroupAssociation(this, `group-${role}`, {
            networkInterfaceId: id,
            applicationSecurityGroupId,
          }),
      ),
      ...Object.entries(poolIds).map(
        ([key, backendAddressPoolId]) =>
          new NetworkInterfaceBackendAddressPoolAssociation(this, `pool-${key}`, {
            networkInterfaceId: id,
            ipConfigurationName: ADDRESS,
            backendAddressPoolId,
          }),
      ),
    ];
  }

  private machine(
    props: ServerProps,
    networkInterface: NetworkInterface,
    userData: string,
    reachable: readonly ITerraformDependable[],
  ): LinuxVirtualMachine {
    const { name, network, role, spec, group, bundle } = props;
    const renewal = new TerraformData(this, 'renewal', { input: spec.renew[name] ?? 0 });
    renewal.dependsOn = [addressOf(props.renewals)];
    return new LinuxVirtualMachine(this, 'machine', {
      ...group.place,
      ...adminAccess(network.adminPublicKey),
      ...protection,
      ...imageOf(spec.machine.image),
      // The cloud controller manager finds a node by the name of its machine.
      name: this.nodeName,
      computerName: this.nodeName,
      size: spec.machine.instanceType,
      zone: this.zone,
      networkInterfaceIds: [networkInterface.id],
      identity: { type: 'UserAssigned', identityIds: [role.identityId] },
      customData: Fn.base64encode(userData),
      osDisk: systemDisk(spec.machine.rootDiskGiB),
      bootDiagnostics: {},
      tags: {
        'drover:node': name,
        // What this machine was made of; `drover inventory` compares it with what the program would give today.
        'drover:bundle': bundle.sha256,
        'drover:image': spec.machine.image,
      },
      dependsOn: [...role.rights, ...reachable],
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
}
