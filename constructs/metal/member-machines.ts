import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { groupsIn } from '../../model/guests';
import { hasIngressNodes, metalGroup, metalServers } from '../../model/lookup';
import type { ClusterSpec } from '../../model/spec/cluster';
import { extrasOf } from '../bootstrap/extras';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import { memberServerSteps } from '../bootstrap/step';
import { LoadBalancer } from './load-balancer';
import { secretRead } from './machine-role';
import type { MemberFoundation } from './member-foundation';
import { NodeGroup } from './node-group';
import { preparationOf } from './preparation';
import { memberServerEnvironment } from './server-environment';
import { Servers } from './servers';

/** The hosts of a member, what they stand on and how they find their cluster. */
export interface MemberMachinesProps {
  readonly spec: ClusterSpec;
  readonly foundation: MemberFoundation;
  readonly registration: RancherRegistration;
}

/**
 * Servers, node groups and load balancer of a member.
 *
 * Rancher gives no host its part before at least one of each kind has registered: one worker starts with the first
 * server. The others come after that server, so that waiting workers never take all the places in which Terraform works.
 */
export class MemberMachines extends Construct {
  /** What a consumer depends on to come after the hosts. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: MemberMachinesProps) {
    super(scope, id);
    const { spec, foundation, registration } = props;
    const { owner, security } = foundation;
    const { environment } = owner;
    const grants = registration.secrets.map(secretRead);
    const servers = new Servers(this, 'servers', {
      owner,
      spec: metalServers(spec.servers),
      firstGrants: grants,
      grants,
      env: (server) => memberServerEnvironment({ owner, security, registration }, server),
      steps: () =>
        memberServerSteps({
          ...preparationOf(environment),
          ...extrasOf(environment, spec.servers),
          // Nobody publishes a token issuer on metal.
          publishes: false,
        }),
      after: [],
    });
    const groups = Object.entries(groupsIn(spec, owner.network.siteName)).map(
      ([name, group]) => [name, metalGroup(group)] as const,
    );
    const [early] = groups.flatMap(([, group]) => group.hosts);
    const inGroups = new Construct(this, 'groups');
    const nodeGroups = groups.map(
      ([name, group]) =>
        new NodeGroup(inGroups, name, {
          owner,
          name,
          spec: group,
          security,
          registration,
          after: (host) => (host === early ? [] : servers.ready.slice(0, 1)),
        }),
    );
    const takers = groups.flatMap(([, group]) => (group.role === 'ingress' ? group.hosts : []));
    const web = hasIngressNodes(spec) ? new LoadBalancer(this, 'web', { owner, security, targets: takers }).ready : [];
    this.ready = [...servers.ready, ...nodeGroups.flatMap((it) => it.ready), ...web];
  }
}
