import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import type { CloudGroupSpec } from '../../model/spec/node-group';
import { workerSteps } from '../bootstrap/machine-steps';
import { renderUserData } from '../bootstrap/user-data';
import { sharedMountOf } from '../bootstrap/gluster';
import { projectPath } from '../core/project-path';
import type { INodeGroup } from '../platform/node-group';
import type { ISharedStorage } from '../platform/shared-storage';
import { extrasOf } from '../bootstrap/extras';
import type { WorkerSecurity } from './guest-security';
import { LifecycleHooks } from './lifecycle-hooks';
import { MachineRole } from './machine-role';
import type { MachineOwner } from './machine-statements';
import { nodeGroupStatements } from './node-group-statements';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import { ScalingGroup } from './scaling-group';
import { userDataLimit } from './user-data-limit';
import type { WebLoadBalancer } from './web-load-balancer';
import { workerEnvironment } from './worker-environment';
import { WorkerTemplate } from './worker-template';
import { waysOut } from '../bootstrap/way-out';

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

/** A group of workers that scales by itself, whose machines join at first boot and leave empty. */
export class NodeGroup extends Construct implements INodeGroup {
  public readonly name: string;
  public readonly groupName: string;
  /** Is there once the group's first machines have joined. */
  public readonly ready: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const { environment, network, clusterName, name, spec, registration, security, web, storage } = props;
    this.name = name;
    const scalingGroupName = physicalName('awsAutoScalingGroup', ['drover', environment.name, clusterName, name]);
    const group = { environment, network, clusterName, groupName: name, spec, scalingGroupName, registration };
    const takesTraffic = spec.role === 'ingress';
    const role = new MachineRole(this, 'role', { ...group, purpose: name, statements: nodeGroupStatements(group) });
    const template = new WorkerTemplate(this, 'template', {
      ...group,
      role,
      securityGroupIds: [
        security.workerGroupId,
        ...(takesTraffic && security.ingressGroupId !== undefined ? [security.ingressGroupId] : []),
      ],
      userData: renderUserData({
        env: workerEnvironment(group),
        steps: workerSteps({
          ...waysOut(environment),
          ...extrasOf(environment, spec),
          mountStep: sharedMountOf(group)?.step,
        }),
        fetcher: projectPath('userdata', 'fetch.sh'),
        limit: userDataLimit,
        what: `node group '${name}' of cluster '${clusterName}'`,
      }),
    });
    const machines = new ScalingGroup(this, 'machines', {
      ...group,
      physicalName: scalingGroupName,
      template,
      targetGroupArns: takesTraffic && web ? Object.values(web.targetGroupArns) : [],
      after: [role.rights, ...(storage?.ready ?? [])],
    });
    this.groupName = machines.groupName;
    this.ready = machines.group;
    new LifecycleHooks(this, 'hooks', { groupName: this.groupName, spec });
  }
}
