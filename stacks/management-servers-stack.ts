import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import type { Construct } from 'constructs';
import { ClusterSecurity } from '../constructs/aws/cluster-security';
import { ManagementServers } from '../constructs/aws/management-servers';
import type { Network } from '../constructs/aws/network';
import { nginxHealth, NginxMachines } from '../constructs/aws/nginx-machines';
import { PlaneLoadBalancer } from '../constructs/aws/plane-load-balancer';
import { WebLoadBalancer } from '../constructs/aws/web-load-balancer';
import type { ISecret } from '../constructs/platform/secret-store';
import type { Environment } from '../model/environment';
import { MANAGEMENT } from '../model/lookup';
import { nginxOf } from '../model/nginx';
import { stackName } from '../model/stack-names';
import { awsProvider } from './aws-provider';
import { EnvironmentStack } from './environment-stack';

/** Where the servers stand, and who may reach Rancher. */
export interface ManagementServersStackProps {
  readonly network: Network;
  /** Addresses from which machines of all sites reach the world: agents come from there. */
  readonly siteEgress: readonly string[];
}

const WORLD = '0.0.0.0/0';

/** The servers of the management cluster, up to an API that answers. */
export class ManagementServersStack extends EnvironmentStack {
  /** Name under which servers join and the API answers inside the site. */
  public readonly registrationAddress: string;
  /** Deploy credential as JSON: host, token, ca. */
  public readonly deployer: ISecret;
  /** Where the deployer reaches the Kubernetes API. */
  public readonly apiEndpoint: string;

  public constructor(scope: Construct, environment: Environment, props: ManagementServersStackProps) {
    super(scope, stackName.managementServers(environment.name), environment);
    const { management, sites } = environment;
    const { network, siteEgress } = props;
    awsProvider(this, environment, management.site, MANAGEMENT);
    new RandomProvider(this, 'random');

    const owner = { environment, network, clusterName: MANAGEMENT };
    const nginx = nginxOf(environment);
    const security = new ClusterSecurity(this, 'security', {
      ...owner,
      webCidrs: [...management.allowedCidrs, ...Object.values(sites).map((site) => site.cidr), ...siteEgress],
      // Whoever may use Rancher may use the API behind it, by a route into the site; the world never does.
      planeCidrs: [network.cidr, ...management.allowedCidrs.filter((cidr) => cidr !== WORLD)],
      nginx: nginx !== undefined,
    });
    const plane = new PlaneLoadBalancer(this, 'plane', { ...owner, security });
    const web = new WebLoadBalancer(this, 'web', {
      ...owner,
      security,
      exposure: management.exposure,
      names: [management.hostname],
      targetType: 'ip',
      ...(nginx === undefined ? {} : { health: nginxHealth }),
    });
    const { deployer, servers } = new ManagementServers(this, 'management', {
      ...owner,
      security,
      plane,
      ...(nginx === undefined ? { web } : {}),
    });
    if (nginx !== undefined && security.nginxGroupId !== undefined) {
      new NginxMachines(this, 'nginx', {
        ...owner,
        spec: nginx,
        securityGroupId: security.nginxGroupId,
        web,
        document: servers.readinessDocument,
      });
    }
    this.deployer = deployer;
    this.registrationAddress = plane.address;
    this.apiEndpoint = management.access.endpoint ?? `https://${plane.address}:6443`;
  }
}
