import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { metalGroup } from '../../model/lookup';
import type { NodeGroupSpec } from '../../model/spec/node-group';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import { Bundle } from './bundle';
import { ClusterSecurity } from './cluster-security';
import { leaveHosts } from './leave-hosts';
import type { Network } from './network';
import { NodeGroup } from './node-group';
import { Roster } from './roster';

/** The groups, and the site that they are guests of. */
export interface GuestsProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
  /** None where the cluster has no guests here: those that it had are still remembered, and may be leaving. */
  readonly groups: Readonly<Record<string, NodeGroupSpec>>;
  /** The way into the cluster, in the store of this site; there wherever there are groups. */
  readonly registration: RancherRegistration | undefined;
}

/** Node groups of a cluster on a site that is not its home, who may reach them there, and which hosts they had. */
export class Guests extends Construct {
  /** What a consumer depends on to come after the hosts. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GuestsProps) {
    super(scope, id);
    const { environment, network, clusterName, registration } = props;
    const placed = { environment, network, clusterName };
    const roster = new Roster(this, 'roster', placed);
    leaveHosts(this, network);
    if (registration === undefined) {
      this.ready = [];
      return;
    }
    const owner = {
      ...placed,
      bundle: new Bundle(this, 'bundle', { environment, siteName: network.siteName }),
      roster,
    };
    const security = new ClusterSecurity({ ...placed, nodeGroups: props.groups, webCidrs: [], planeCidrs: [] });
    const inGroups = new Construct(this, 'groups');
    this.ready = Object.entries(props.groups).reduce<ITerraformDependable[]>((before, [name, group]) => {
      const { ready } = new NodeGroup(inGroups, name, {
        owner,
        name,
        spec: metalGroup(group),
        security,
        registration,
        uses: [],
        // The first one waits for the cluster's servers; all at once would take the places that Terraform works in.
        after: (_host, earlier) => [...before, ...earlier].slice(0, 1),
      });
      return [...before, ...ready];
    }, []);
  }
}
