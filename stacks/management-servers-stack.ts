import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import type { Construct } from 'constructs';
import type { ISecret } from '../constructs/platform/secret-store';
import type { Environment } from '../model/environment';
import { MANAGEMENT } from '../model/lookup';
import { stackName } from '../model/stack-names';
import { clusterPlatform } from './environment-provider';
import { EnvironmentStack } from './environment-stack';
import type { ISite } from './platforms/platform';

/** Where the servers stand, and who may reach Rancher. */
export interface ManagementServersStackProps {
  readonly site: ISite;
  /** Networks from which machines of all sites and imported members reach the world: agents come from there. */
  readonly siteEgress: readonly string[];
}

const WORLD = '0.0.0.0/0';

/** The servers of the management cluster, up to an API that answers. */
export class ManagementServersStack extends EnvironmentStack {
  /** Name under which servers join. */
  public readonly registrationAddress: string;
  /** Deploy credential as JSON: host, token, ca. */
  public readonly deployer: ISecret;
  /** Where the deployer reaches the Kubernetes API. */
  public readonly apiEndpoint: string;

  public constructor(scope: Construct, environment: Environment, props: ManagementServersStackProps) {
    super(scope, stackName.managementServers(environment.name), environment);
    const { management, sites } = environment;
    const { site, siteEgress } = props;
    clusterPlatform(this, environment, MANAGEMENT);
    new RandomProvider(this, 'random');

    const servers = site.managementServers(this, {
      environment,
      webCidrs: [...management.allowedCidrs, ...Object.values(sites).map(({ cidr }) => cidr), ...siteEgress],
      // Whoever may use Rancher may use the API behind it, by a route into the site; the world never does.
      planeCidrs: [site.cidr, ...management.allowedCidrs.filter((cidr) => cidr !== WORLD)],
    });
    this.deployer = servers.deployer;
    this.registrationAddress = servers.registrationAddress;
    this.apiEndpoint = management.access.endpoint ?? `https://${servers.apiAddress}:6443`;
  }
}
