import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName } from '../../model/naming';
import { otherSites, type OtherSites } from '../platform/cluster-sites';
import { openPlane } from '../platform/errors';
import { flows, type Flow, type Role } from '../platform/flows';
import { withGuests, type Side } from '../platform/guest-flows';
import { nginxFlows } from '../platform/nginx-flows';
import { withStorage } from '../platform/storage-flows';
import { clusterTag } from './cluster-tag';
import type { Network } from './network';
import { NetworkList } from './network-list';
import { reachMachines } from './reach-machines';
import { onePeer, SecurityGroupRules, sitePeers, type Peer } from './security-group-rules';
import { isGroup, type GroupRole } from './security-rules';

/** Whose traffic a cluster lets in. */
export interface ClusterSecurityProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
  /** Networks whose people, agents and pipelines may reach 80 and 443; may be references of other stacks. */
  readonly webCidrs: readonly string[];
  /** Networks that may reach the Kubernetes API through its internal load balancer; never the world. */
  readonly planeCidrs: readonly string[];
  /** Whether machines with NGINX stand between the web's load balancer and what takes its traffic. @default false */
  readonly nginx?: boolean;
  /** Whether the cluster has storage nodes. @default false */
  readonly storage?: boolean;
}

/** Machines that not every cluster has. */
type Optional = 'nginx' | 'storage';

/** The groups of a cluster by role. */
type Groups = Readonly<Record<Exclude<GroupRole, Optional>, SecurityGroup> & Partial<Record<Optional, SecurityGroup>>>;

const WORLD = '0.0.0.0/0';

/** A change of a description replaces the group, so these stay as they are. */
const DESCRIPTIONS: Readonly<Record<GroupRole, string>> = {
  server: 'Control plane and etcd',
  worker: 'Workers',
  ingress: 'Machines that take web traffic',
  plane: 'Load balancer of the Kubernetes API',
  web: 'Load balancer of web traffic',
  nginx: 'NGINX behind the load balancer of web traffic',
  storage: 'Storage nodes',
};

/**
 * The security groups of one cluster.
 * A server wears `serverGroupId`, a worker `workerGroupId`; whoever takes web traffic (machines of ingress groups, and
 * management servers) wears `ingressGroupId` *in addition*; a machine with NGINX wears `nginxGroupId` alone, a storage
 * node `storageGroupId`. Only the first two carry the cluster's tag, so that every node has exactly one tagged group, as
 * the cloud controller manager demands.
 */
export class ClusterSecurity extends Construct {
  public readonly serverGroupId: string;
  public readonly workerGroupId: string;
  public readonly ingressGroupId: string;
  /** Of the internal load balancer in front of 6443 and 9345. */
  public readonly planeGroupId: string;
  /** Of the load balancer in front of 80 and 443. */
  public readonly webGroupId: string;
  /** Of machines with NGINX; none without such machines. */
  public readonly nginxGroupId: string | undefined;
  /** Of storage nodes; none without such machines. */
  public readonly storageGroupId: string | undefined;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ClusterSecurityProps,
  ) {
    super(scope, id);
    const world = props.planeCidrs.find((cidr) => cidr.endsWith('/0'));
    if (world !== undefined) throw openPlane(props.clusterName, world);
    const tag = clusterTag(props.environment, props.clusterName);
    const groups: Groups = {
      server: this.group('server', tag),
      worker: this.group('worker', tag),
      ingress: this.group('ingress'),
      plane: this.group('plane'),
      web: this.group('web'),
      ...(props.nginx === true ? { nginx: this.group('nginx') } : {}),
      ...(props.storage === true ? { storage: this.group('storage') } : {}),
    };
    this.serverGroupId = groups.server.id;
    this.workerGroupId = groups.worker.id;
    this.ingressGroupId = groups.ingress.id;
    this.planeGroupId = groups.plane.id;
    this.webGroupId = groups.web.id;
    this.nginxGroupId = groups.nginx?.id;
    this.storageGroupId = groups.storage?.id;
    this.letThrough(groups);
  }

  private group(role: GroupRole, tags: Readonly<Record<string, string>> = {}): SecurityGroup {
    const { environment, clusterName, network } = this.props;
    const name = physicalName('awsSecurityGroup', [environment.name, clusterName, role]);
    return new SecurityGroup(this, role, {
      name,
      description: DESCRIPTIONS[role],
      vpcId: network.vpcId,
      tags: { Name: name, ...tags },
    });
  }

  private letThrough(groups: Groups): void {
    const networks: Readonly<Record<Exclude<Role, GroupRole | Side>, Peer | undefined>> = {
      people: this.networks('people', 'webCidrs'),
      operators: this.networks('operators', 'planeCidrs'),
      monitors: this.monitors(),
      world: { cidrIpv4: WORLD },
      // Sessions of people go through the agent of Systems Manager, outwards.
      bastion: undefined,
    };
    const sites = this.otherSites();
    const rules = new SecurityGroupRules(this, 'rules', {
      flows: this.flows(),
      groupOf: (role) => groups[role],
      peersOf: (role) => {
        if (role === 'home' || role === 'guest') return sitePeers(sites[role]);
        if (!isGroup(role)) return onePeer(networks[role]);
        const group = groups[role];
        return onePeer(group === undefined ? undefined : { referencedSecurityGroupId: group.id });
      },
    });
    reachMachines(rules, groups.worker, this.props);
  }

  private flows(): readonly Flow[] {
    const ofCluster = this.props.nginx === true ? nginxFlows : flows;
    const withFiles = this.props.storage === true ? withStorage(ofCluster) : ofCluster;
    return Object.keys(this.otherSites().guest).length > 0 ? withGuests(withFiles) : withFiles;
  }

  private otherSites(): OtherSites {
    const { environment, clusterName, network } = this.props;
    return otherSites(environment, clusterName, network.siteName);
  }

  /** Everybody is one rule; other networks are a list. Nobody is no rule at all. */
  private networks(role: 'people' | 'operators', prop: 'webCidrs' | 'planeCidrs'): Peer | undefined {
    const cidrs = this.props[prop];
    if (cidrs.length === 0) return undefined;
    if (cidrs.includes(WORLD)) return { cidrIpv4: WORLD };
    return this.list(role, prop, cidrs);
  }

  private monitors(): Peer | undefined {
    const { zabbix } = this.props.environment;
    if (zabbix === undefined) return undefined;
    return this.list(
      'monitors',
      'zabbix.server',
      zabbix.server.map((address) => `${address}/32`),
    );
  }

  private list(id: string, what: string, cidrs: readonly string[]): NetworkList {
    const { environment, clusterName } = this.props;
    const name = physicalName('awsSecurityGroup', [environment.name, clusterName, id]);
    return new NetworkList(this, id, { name, what, cidrs });
  }
}
