import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { MetalGroupSpec } from '../../model/spec/node-group';
import { extrasOf } from '../bootstrap/extras';
import { sharedMountOf } from '../bootstrap/gluster';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import { workerSteps } from '../bootstrap/machine-steps';
import type { INodeGroup } from '../platform/node-group';
import type { ClusterSecurity } from './cluster-security';
import { Host } from './host';
import { hostOf } from './host-spec';
import type { MachineOwner } from './machine-owner';
import { secretRead } from './machine-role';
import { preparationOf } from './preparation';
import { workerEnvironment } from './worker-environment';

/** One group of workers of a member cluster. */
export interface NodeGroupProps {
  readonly owner: MachineOwner;
  /** The group's key in its cluster. */
  readonly name: string;
  readonly spec: MetalGroupSpec;
  readonly security: ClusterSecurity;
  readonly registration: RancherRegistration;
  /** What its hosts use: there before they come, and until they have left. */
  readonly uses: readonly ITerraformDependable[];
  /** What must hold before a host of that name is changed; `earlier` are the hosts of the group before it. */
  readonly after: (host: string, earlier: readonly ITerraformDependable[]) => readonly ITerraformDependable[];
}

/** A group of workers that are there, and join one beside the other. */
export class NodeGroup extends Construct implements INodeGroup {
  public readonly name: string;
  public readonly groupName: string;
  /** What a consumer depends on to come after the hosts. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const { owner, name: groupName, spec, security, registration } = props;
    const { environment, network, clusterName } = owner;
    this.name = groupName;
    this.groupName = `${environment.name}-${clusterName}-${groupName}`;
    const settings = { owner, security, groupName, spec, registration };
    this.ready = spec.hosts.reduce<ITerraformDependable[]>((earlier, name) => {
      const { data } = hostOf(network.site, network.siteName, name).disks;
      const host = new Host(this, name, {
        owner,
        name,
        grants: registration.secrets.map(secretRead),
        env: (role) => workerEnvironment(settings, name, role),
        steps: workerSteps({
          ...preparationOf(environment),
          ...extrasOf(environment, spec),
          mountStep: sharedMountOf(owner)?.step,
          // Who takes a host away says so in the data, and Terraform empties it.
          leavesOnNotice: false,
          answersHooks: false,
          dataDisk: data !== undefined,
        }),
        what: `host '${name}' of node group '${groupName}' of cluster '${clusterName}'`,
        uses: props.uses,
        after: props.after(name, earlier),
      });
      return [...earlier, host.ready];
    }, []);
  }
}
