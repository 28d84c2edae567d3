import type { Construct } from 'constructs';
import type { Environment } from '../model/environment';
import { stackName } from '../model/stack-names';
import { sitePlatform } from './environment-provider';
import { EnvironmentStack } from './environment-stack';
import type { ISite } from './platforms/platform';

/** The machines of one site that are no nodes of any cluster. They need its network, and nothing of Rancher. */
export class MachinesStack extends EnvironmentStack {
  public constructor(scope: Construct, environment: Environment, siteName: string, site: ISite) {
    super(scope, stackName.machines(environment.name, siteName), environment);
    sitePlatform(this, environment, siteName);
    site.machines(this, environment);
  }
}
