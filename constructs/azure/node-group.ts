import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import type { CloudGroupSpec } from '../../model/spec/node-group';
import { extrasOf } from '../bootstrap/extras';
import { sharedMountOf } from '../bootstrap/gluster';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import { workerSteps } from '../bootstrap/machine-steps';
import type { INodeGroup } from '../platform/node-group';
import type { ISharedStorage } from '../platform/shared-storage';
import type { WorkerSecurity } from './guest-security';
import type { MachineOwner } from './machine-owner';
import { MachineRole, secretRead } from './machine-role';
import { preparationOf } from './preparation';
import { ScalingGroup } from './scaling-group';
import { machineUserData } from './user-data';
import type { WebLoadBalancer } from './web-load-balancer';
import { workerEnvironment } from './worker-environment';

/** One group of workers of a member cluster. */
export interface NodeGroupProps extends MachineOwner {
  /** The group's key in its cluster. */
  readonly name: string;
  readonly spec: CloudGroupSpec;
  readonly security: WorkerSecurity;
  readonly registration: RancherRegistration;
  /** Sends web traffic to the group if its role is `ingress`. */
  readonly web: WebLoadBalancer | undefined;
  /** What its machines mount before they join. @default - nothing */
  readonly storage?: ISharedStorage | undefined;
}

/** A group of workers that scales by itself, whose machines join at first boot. */
export class NodeGroup extends Construct implements INodeGroup {
  public readonly name: string;
  public readonly groupName: string;
  /** Is there once the group's first machines have joined. */
  public readonly ready: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const { environment, network, clusterName, bundle, name, spec, registration, security, web, storage } = props;
    this.name = name;
    const owner = { environment, network, clusterName, group: props.group, bundle };
    const takesTraffic = spec.role === 'ingress';
    const role = new MachineRole(this, 'role', { ...owner, purpose: name });
    role.grant({
      'registration-token': secretRead(registration.token),
      'registration-checksum': secretRead(registration.checksum),
    });
    const machines = new ScalingGroup(this, 'machines', {
      ...owner,
      groupName: name,
      spec,
      physicalName: physicalName('azureScaleSet', [environment.name, clusterName, name]),
      role,
      securityGroupId: security.securityGroupId,
      machineGroupIds: [
        security.workerGroupId,
        ...(takesTraffic && security.ingressGroupId !== undefined ? [security.ingressGroupId] : []),
      ],
      poolIds: takesTraffic && web ? [web.poolId] : [],
      userData: machineUserData({
        env: workerEnvironment({ owner, role, groupName: name, spec, registration }),
        steps: workerSteps({
          ...preparationOf(environment),
          ...extrasOf(environment, spec),
          mountStep: sharedMountOf(owner)?.step,
          answersHooks: false,
        }),
        what: `node group '${name}' of cluster '${clusterName}'`,
      }),
      after: storage?.ready ?? [],
    });
    this.groupName = machines.groupName;
    this.ready = machines.group;
  }
}
