import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { cloudGroup } from '../../model/lookup';
import type { NodeGroupSpec } from '../../model/spec/node-group';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import { Bundle } from './bundle';
import { ClusterGroup } from './cluster-group';
import { GuestSecurity } from './guest-security';
import type { Network } from './network';
import { NodeGroup } from './node-group';

/** The groups, and the site that they are guests of. */
export interface GuestsProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
  readonly groups: Readonly<Record<string, NodeGroupSpec>>;
  /** The way into the cluster, in the store of this site. */
  readonly registration: RancherRegistration;
}

/** Node groups of a cluster on a site that is not its home, in a resource group of their own, and who may reach them there. */
export class Guests extends Construct {
  /** What a consumer depends on to come after the machines. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GuestsProps) {
    super(scope, id);
    const { environment, network, clusterName, groups, registration } = props;
    const placed = { environment, network, clusterName };
    const group = new ClusterGroup(this, 'group', { ...placed, guestOf: network.siteName });
    const owner = { ...placed, group, bundle: new Bundle(this, 'bundle', placed) };
    const security = new GuestSecurity(this, 'security', owner);
    const inGroups = new Construct(this, 'groups');
    this.ready = Object.entries(groups).map(([name, it]) => {
      const spec = cloudGroup(it);
      return new NodeGroup(inGroups, name, { ...owner, name, spec, security, registration, web: undefined }).ready;
    });
  }
}
