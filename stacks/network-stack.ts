import type { Construct } from 'constructs';
import type { Environment } from '../model/environment';
import { stackName } from '../model/stack-names';
import { sitePlatform } from './environment-provider';
import { EnvironmentStack } from './environment-stack';
import type { ISite } from './platforms/platform';

/** The network of one site, shared by the clusters that stand in it. */
export class NetworkStack extends EnvironmentStack {
  /** The site, for what stands in it. */
  public readonly site: ISite;

  public constructor(scope: Construct, environment: Environment, siteName: string) {
    super(scope, stackName.network(environment.name, siteName), environment);
    const platform = sitePlatform(this, environment, siteName);
    this.site = platform.network(this, 'network', { environment, siteName });
  }
}
