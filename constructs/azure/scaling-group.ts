import { LinuxVirtualMachineScaleSet } from '@cdktf/provider-azurerm/lib/linux-virtual-machine-scale-set';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import type { GroupDescription } from '../bootstrap/node-labels';
import { autoscalerTags } from './autoscaler-tags';
import { imageOf } from './image';
import type { MachineOwner } from './machine-owner';
import type { MachineRole } from './machine-role';
import { adminAccess, protection, systemDisk } from './machine-settings';
import { READY_WITHIN_SEC, readinessExtension, readinessSettings } from './readiness-command';
import { noticeMinutes } from './termination-notice';

/** A group of machines, where they stand and who sends traffic to them. */
export interface ScalingGroupProps extends MachineOwner, Omit<GroupDescription, 'environment' | 'clusterName'> {
  /** Name of the group, known at synth. */
  readonly physicalName: string;
  readonly role: MachineRole;
  /** Rules of the cluster's network. */
  readonly securityGroupId: string;
  /** What the machines are in these rules. */
  readonly machineGroupIds: readonly string[];
  /** Pools of load balancers that its machines are members of. */
  readonly poolIds: readonly string[];
  /** Cloud-config of a machine. */
  readonly userData: string;
  /** What must be there before its first machine starts, beside its rights. @default - nothing */
  readonly after?: readonly ITerraformDependable[];
}

/** Where a kubelet says of itself that it is well, to its own machine alone. */
const KUBELET_HEALTH = { protocol: 'http', port: 10248, requestPath: '/healthz' } as const;

/**
 * What is taken back is gone, its name and disk as well; at most the price on demand is paid.
 * @see https://learn.microsoft.com/azure/virtual-machine-scale-sets/use-spot
 */
const SPOT = { priority: 'Spot', evictionPolicy: 'Delete', maxBidPrice: -1 } as const;

/** Time that a machine takes to go after its pods have, in seconds. */
const SLACK_SEC = 600;

/**
 * Uniform scale set of a node group: the kind that the autoscaler knows. The autoscaler owns its size; Terraform owns
 * the bounds and what it is made of. Subscriptions need the feature `MaxSurgeRollingUpgrade` of Microsoft.Compute.
 * @see https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-maxsurge
 */
export class ScalingGroup extends Construct {
  public readonly groupName: string;
  public readonly group: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: ScalingGroupProps) {
    super(scope, id);
    const { network, group, spec, role, environment, clusterName, groupName, bundle } = props;
    const { machine } = spec;
    const set = new LinuxVirtualMachineScaleSet(this, 'group', {
      ...group.place,
      ...adminAccess(network.adminPublicKey),
      ...protection,
      ...imageOf(machine.image),
      name: props.physicalName,
      computerNamePrefix: physicalName('azureComputerNamePrefix', [environment.name, clusterName, groupName]),
      sku: machine.instanceType,
      instances: spec.minSize,
      ...(spec.spot ? SPOT : {}),
      zones: [...network.zones],
      // The autoscaler may ask for a machine while a zone is out.
      zoneBalance: false,
      singlePlacementGroup: false,
      // Machines that are made only to be thrown away would register first, and stay in Rancher as ghosts.
      overprovision: false,
      identity: { type: 'UserAssigned', identityIds: [role.identityId] },
      customData: Fn.base64encode(props.userData),
      osDisk: systemDisk(machine.rootDiskGiB),
      bootDiagnostics: {},
      networkInterface: [networkInterface(props)],
      extension: extensions(),
      extensionsTimeBudget: `PT${minutes(READY_WITHIN_SEC + spec.joinTimeoutSec)}M`,
      upgradeMode: 'Rolling',
      rollingUpgradePolicy: {
        // A batch of new machines has joined before old ones leave. A machine that is upgraded in its place runs no new
        // custom data, or comes back with another system under the name of its node, which the cluster refuses.
        maximumSurgeInstancesEnabled: true,
        maxBatchInstancePercent: 20,
        maxUnhealthyInstancePercent: 20,
        maxUnhealthyUpgradedInstancePercent: 20,
        pauseTimeBetweenBatches: `PT${minutes(spec.drainTimeoutSec)}M`,
        prioritizeUnhealthyInstancesEnabled: true,
      },
      // One period for both: it begins with the machine, not with its service.
      automaticInstanceRepair: {
        enabled: true,
        action: 'Replace',
        gracePeriod: `PT${minutes(spec.joinTimeoutSec + spec.healthGraceSec)}M`,
      },
      terminationNotification: { enabled: true, timeout: `PT${noticeMinutes(spec.drainTimeoutSec)}M` },
      timeouts: {
        create: `${READY_WITHIN_SEC + spec.joinTimeoutSec + SLACK_SEC}s`,
        delete: `${spec.drainTimeoutSec + SLACK_SEC}s`,
      },
      tags: {
        'drover:node-group': groupName,
        'drover:bundle': bundle.sha256,
        'drover:image': machine.image,
        ...autoscalerTags(props),
      },
      dependsOn: [...role.rights, ...(props.after ?? [])],
      lifecycle: { ignoreChanges: ['instances'] },
    });
    this.groupName = set.name;
    this.group = set;
  }
}

/** One interface, in the workers' subnet, without a public address. */
function networkInterface(props: ScalingGroupProps): {
  name: string;
  primary: boolean;
  enableAcceleratedNetworking: boolean;
  networkSecurityGroupId: string;
  ipConfiguration: {
    name: string;
    primary: boolean;
    subnetId: string;
    applicationSecurityGroupIds: string[];
    loadBalancerBackendAddressPoolIds: string[];
  }[];
} {
  return {
    name: 'interface',
    primary: true,
    enableAcceleratedNetworking: true,
    networkSecurityGroupId: props.securityGroupId,
    ipConfiguration: [
      {
        name: 'address',
        primary: true,
        subnetId: props.network.subnets.workers,
        applicationSecurityGroupIds: [...props.machineGroupIds],
        loadBalancerBackendAddressPoolIds: [...props.poolIds],
      },
    ],
  };
}

/**
 * A machine counts once its bootstrap has reported, and is replaced when its kubelet is no longer well. A scale set has
 * no launch hook: a machine whose bootstrap fails is one whose kubelet never answers.
 */
function extensions(): {
  name: string;
  publisher: string;
  type: string;
  typeHandlerVersion: string;
  autoUpgradeMinorVersion: boolean;
  automaticUpgradeEnabled?: boolean;
  settings: string;
}[] {
  return [
    {
      name: 'health',
      publisher: 'Microsoft.ManagedServices',
      type: 'ApplicationHealthLinux',
      typeHandlerVersion: '1.0',
      autoUpgradeMinorVersion: true,
      automaticUpgradeEnabled: true,
      settings: JSON.stringify(KUBELET_HEALTH),
    },
    { ...readinessExtension, name: 'await-ready', settings: readinessSettings() },
  ];
}

function minutes(seconds: number): number {
  return Math.ceil(seconds / 60);
}
