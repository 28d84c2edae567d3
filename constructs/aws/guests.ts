import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { cloudGroup } from '../../model/lookup';
import type { NodeGroupSpec } from '../../model/spec/node-group';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import { GuestSecurity } from './guest-security';
import type { MachineOwner } from './machine-statements';
import { NodeGroup } from './node-group';

/** The groups, and the site that they are guests of. */
export interface GuestsProps extends MachineOwner {
  readonly groups: Readonly<Record<string, NodeGroupSpec>>;
  /** The way into the cluster, in the store of this site. */
  readonly registration: RancherRegistration;
}

/** Node groups of a cluster on a site that is not its home, and who may reach them there. */
export class Guests extends Construct {
  /** What a consumer depends on to come after the machines. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GuestsProps) {
    super(scope, id);
    const { environment, network, clusterName, groups, registration } = props;
    const owner = { environment, network, clusterName };
    const security = new GuestSecurity(this, 'security', owner);
    const inGroups = new Construct(this, 'groups');
    this.ready = Object.entries(groups).map(([name, group]) => {
      const spec = cloudGroup(group);
      return new NodeGroup(inGroups, name, { ...owner, name, spec, security, registration, web: undefined }).ready;
    });
  }
}
