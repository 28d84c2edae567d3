import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { ClusterSecurity } from '../../constructs/aws/cluster-security';
import { Guests } from '../../constructs/aws/guests';
import { Machines } from '../../constructs/aws/machines';
import { ManagementServers } from '../../constructs/aws/management-servers';
import { MemberFoundation } from '../../constructs/aws/member-foundation';
import type { Network } from '../../constructs/aws/network';
import { nginxHealth, NginxMachines } from '../../constructs/aws/nginx-machines';
import { PlaneLoadBalancer } from '../../constructs/aws/plane-load-balancer';
import { SecretStore } from '../../constructs/aws/secret-store';
import { WebLoadBalancer } from '../../constructs/aws/web-load-balancer';
import type { IMachines } from '../../constructs/platform/machines';
import type { ISecretStore } from '../../constructs/platform/secret-store';
import type { Environment } from '../../model/environment';
import { groupsIn } from '../../model/guests';
import { MANAGEMENT } from '../../model/lookup';
import { nginxOf } from '../../model/nginx';
import { memberSpec } from '../member-spec';
import { AwsMember } from './aws-member';
import type { ClusterOwner, GuestsOwner, IMember, ISite, ManagementHandover, ManagementProps } from './platform';

/** A site on AWS. */
export class AwsSite implements ISite {
  public readonly siteName: string;
  public readonly region: string;
  public readonly cidr: string;
  public readonly egressCidrs: readonly string[];

  public constructor(private readonly network: Network) {
    this.siteName = network.siteName;
    this.region = network.region;
    this.cidr = network.cidr;
    this.egressCidrs = network.egressCidrs;
  }

  public secretStore(scope: Construct, id: string, cluster: ClusterOwner): ISecretStore {
    return new SecretStore(scope, id, { ...cluster, kmsKeyArn: this.network.kmsKeyArn, region: this.region });
  }

  public machines(scope: Construct, environment: Environment): IMachines {
    return new Machines(scope, 'machines', { environment, network: this.network });
  }

  public managementServers(scope: Construct, props: ManagementProps): ManagementHandover {
    const { environment, webCidrs, planeCidrs } = props;
    const { management } = environment;
    const owner = { environment, network: this.network, clusterName: MANAGEMENT };
    const nginx = nginxOf(environment);
    const security = new ClusterSecurity(scope, 'security', {
      ...owner,
      webCidrs,
      planeCidrs,
      nginx: nginx !== undefined,
    });
    const plane = new PlaneLoadBalancer(scope, 'plane', { ...owner, security });
    const web = new WebLoadBalancer(scope, 'web', {
      ...owner,
      security,
      exposure: management.exposure,
      names: [management.hostname],
      targetType: 'ip',
      ...(nginx === undefined ? {} : { health: nginxHealth }),
    });
    const { deployer, servers } = new ManagementServers(scope, 'management', {
      ...owner,
      security,
      plane,
      ...(nginx === undefined ? { web } : {}),
    });
    if (nginx !== undefined && security.nginxGroupId !== undefined) {
      new NginxMachines(scope, 'nginx', {
        ...owner,
        spec: nginx,
        securityGroupId: security.nginxGroupId,
        web,
        document: servers.readinessDocument,
      });
    }
    return { deployer, registrationAddress: plane.address, apiAddress: plane.address };
  }

  public member(scope: Construct, { environment, clusterName }: ClusterOwner): IMember {
    const owner = { environment, network: this.network, clusterName };
    const spec = memberSpec(environment, clusterName);
    return new AwsMember({ ...owner, spec, foundation: new MemberFoundation(scope, 'foundation', { ...owner, spec }) });
  }

  public guests(
    scope: Construct,
    { environment, clusterName, registration }: GuestsOwner,
  ): readonly ITerraformDependable[] {
    if (registration === undefined) return [];
    const groups = groupsIn(memberSpec(environment, clusterName), this.siteName);
    return new Guests(scope, 'guests', { environment, network: this.network, clusterName, groups, registration }).ready;
  }
}
