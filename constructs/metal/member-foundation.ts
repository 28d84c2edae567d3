import { Construct } from 'constructs';
import { groupsIn } from '../../model/guests';
import { hasIngressNodes } from '../../model/lookup';
import type { Environment } from '../../model/environment';
import type { ClusterSpec } from '../../model/spec/cluster';
import { Bundle } from './bundle';
import { ClusterSecurity } from './cluster-security';
import { leaveHosts } from './leave-hosts';
import type { MachineOwner } from './machine-owner';
import type { Network } from './network';
import { Roster } from './roster';

/** The member, and where it stands. */
export interface MemberFoundationProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
  readonly spec: ClusterSpec;
}

/** What a member stands on: who may reach it, what its hosts are brought, and which hosts it had. */
export class MemberFoundation extends Construct {
  public readonly owner: MachineOwner;
  public readonly security: ClusterSecurity;

  public constructor(scope: Construct, id: string, props: MemberFoundationProps) {
    super(scope, id);
    const { environment, network, clusterName, spec } = props;
    this.owner = {
      environment,
      network,
      clusterName,
      bundle: new Bundle(this, 'bundle', { environment, siteName: network.siteName }),
      roster: new Roster(this, 'roster', props),
    };
    this.security = new ClusterSecurity({
      environment,
      network,
      clusterName,
      servers: spec.servers,
      nodeGroups: groupsIn(spec, network.siteName),
      webCidrs: hasIngressNodes(spec) ? [...spec.web.allowedCidrs, network.cidr] : [],
      planeCidrs: [network.cidr],
    });
    leaveHosts(this, network);
  }
}
