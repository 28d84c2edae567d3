import {
  AutoscalingGroup,
  type AutoscalingGroupLaunchTemplate,
  type AutoscalingGroupMixedInstancesPolicy,
} from '@cdktf/provider-aws/lib/autoscaling-group';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { identityOf, tagsOf } from '../../model/identity';
import type { CloudGroupSpec } from '../../model/spec/node-group';
import { autoscalerTags } from './autoscaler-tags';
import type { WorkerTemplate } from './worker-template';
import { firstHook } from './lifecycle-hooks';
import type { MachineOwner } from './machine-statements';
import type { GroupDescription } from '../bootstrap/node-labels';
import { READY_WITHIN_SEC } from './readiness-document';

/** A group of machines, where they stand and who sends traffic to them. */
export interface ScalingGroupProps extends MachineOwner, GroupDescription {
  /** Name of the group, known at synth. */
  readonly physicalName: string;
  readonly template: WorkerTemplate;
  /** Target groups that its machines are members of. */
  readonly targetGroupArns: readonly string[];
  /** What must exist before its first machine starts. */
  readonly after: readonly ITerraformDependable[];
}

/** One type, and no machine on demand. */
const ALL_SPOT = { instanceTypes: [], onDemandBase: 0, onDemandPercent: 0 } as const;

/** Time that a machine takes to go after its pods have, in seconds. */
const SLACK_SEC = 600;

/** Auto Scaling group of a node group. The autoscaler owns its size; Terraform owns the bounds and what it is made of. */
export class ScalingGroup extends Construct {
  public readonly groupName: string;
  public readonly group: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: ScalingGroupProps) {
    super(scope, id);
    const { network, spec } = props;
    const group = new AutoscalingGroup(this, 'group', {
      name: props.physicalName,
      minSize: spec.minSize,
      maxSize: spec.maxSize,
      vpcZoneIdentifier: Object.values(network.subnets).map((zone) => zone.private),
      targetGroupArns: [...props.targetGroupArns],
      ...machines(spec, props.template),
      // Load balancers don't judge: before the cluster's ingress is installed every machine would look sick to them.
      healthCheckType: 'EC2',
      // It begins when the machine has joined: the hook covers the time before.
      healthCheckGracePeriod: spec.healthGraceSec,
      // The autoscaler decides which machine goes; moving one for balance alone would evict pods behind its back.
      suspendedProcesses: ['AZRebalance'],
      initialLifecycleHook: [firstHook],
      instanceRefresh: {
        strategy: 'Rolling',
        // A new machine has joined before an old one leaves; machines that are up to date stay.
        preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 110, autoRollback: true, skipMatching: true },
      },
      // A machine is in service once it has joined: whoever comes after the group finds nodes to run on. The first ones
      // wait for their servers as well.
      waitForCapacityTimeout: `${READY_WITHIN_SEC + spec.joinTimeoutSec}s`,
      timeouts: { delete: `${spec.drainTimeoutSec + SLACK_SEC}s` },
      tag: tags(props),
      dependsOn: [...props.after],
      lifecycle: { ignoreChanges: ['desired_capacity', 'initial_lifecycle_hook'] },
    });
    this.groupName = group.name;
    this.group = group;
  }
}

function machines(
  spec: CloudGroupSpec,
  template: WorkerTemplate,
):
  | { launchTemplate: AutoscalingGroupLaunchTemplate }
  | { mixedInstancesPolicy: AutoscalingGroupMixedInstancesPolicy; capacityRebalance: boolean } {
  const { version } = template;
  const { machine } = spec;
  const mixed = spec.mixed ?? (spec.spot ? ALL_SPOT : undefined);
  if (mixed === undefined) return { launchTemplate: { id: template.templateId, version } };
  const types = [...new Set([machine.instanceType, ...mixed.instanceTypes])];
  return {
    mixedInstancesPolicy: {
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: template.templateId, version },
        override: types.map((instanceType) => ({ instanceType })),
      },
      instancesDistribution: {
        onDemandBaseCapacity: mixed.onDemandBase,
        onDemandPercentageAboveBaseCapacity: mixed.onDemandPercent,
        onDemandAllocationStrategy: 'prioritized',
        spotAllocationStrategy: 'price-capacity-optimized',
      },
    },
    // A spot machine that is about to be taken back gets its successor first.
    capacityRebalance: mixed.onDemandPercent < 100,
  };
}

/** The group's own: its machines get theirs by the launch template. */
function tags(props: ScalingGroupProps): { key: string; value: string; propagateAtLaunch: boolean }[] {
  const { environment, clusterName, groupName } = props;
  const all = {
    ...tagsOf(identityOf(environment, clusterName), environment.tags),
    'drover:node-group': groupName,
    ...autoscalerTags(props),
  };
  return Object.entries(all).map(([key, value]) => ({ key, value, propagateAtLaunch: false }));
}
