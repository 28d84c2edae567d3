import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { groupsIn } from '../../model/guests';
import { hasIngressNodes, metalGluster, metalGroup, metalServers } from '../../model/lookup';
import type { ClusterSpec } from '../../model/spec/cluster';
import { extrasOf } from '../bootstrap/extras';
import { sharedMountOf } from '../bootstrap/gluster';
import { memberServerSteps } from '../bootstrap/machine-steps';
import type { RancherRegistration } from '../bootstrap/rancher-registration';
import { snapshotKeys } from '../bootstrap/snapshot-store';
import type { ISharedStorage } from '../platform/shared-storage';
import { LoadBalancer } from './load-balancer';
import { secretRead } from './machine-role';
import type { MemberFoundation } from './member-foundation';
import { NodeGroup } from './node-group';
import { preparationOf } from './preparation';
import { memberServerEnvironment } from './server-environment';
import { Servers } from './servers';
import { StorageNodes } from './storage-nodes';

/** The hosts of a member, what they stand on and how they find their cluster. */
export interface MemberMachinesProps {
  readonly spec: ClusterSpec;
  readonly foundation: MemberFoundation;
  readonly registration: RancherRegistration;
}

/**
 * Servers, node groups, storage nodes and load balancer of a member.
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
    const uses = this.storage(props)?.ready ?? [];
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
          storesSnapshots: snapshotKeys(owner) !== undefined,
          mountStep: sharedMountOf(owner)?.step,
          // Nobody publishes a token issuer on metal.
          publishes: false,
        }),
      uses,
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
          uses,
          after: (host) => (host === early ? [] : servers.ready.slice(0, 1)),
        }),
    );
    const takers = groups.flatMap(([, group]) => (group.role === 'ingress' ? group.hosts : []));
    const web = hasIngressNodes(spec) ? new LoadBalancer(this, 'web', { owner, security, targets: takers }).ready : [];
    this.ready = [...servers.ready, ...nodeGroups.flatMap((it) => it.ready), ...web];
  }

  /** What every node mounts before it joins; nothing where no files are shared. */
  private storage({ spec, foundation: { owner, security } }: MemberMachinesProps): ISharedStorage | undefined {
    if (spec.storage === undefined) return undefined;
    return new StorageNodes(this, 'storage', { owner, spec: metalGluster(spec.storage.gluster), security });
  }
}
