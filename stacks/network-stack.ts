import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Construct } from 'constructs';
import { Network } from '../constructs/aws/network';
import type { Environment } from '../model/environment';
import { siteIdentityOf, tagsOf } from '../model/identity';
import { siteOf } from '../model/lookup';
import { stackName } from '../model/stack-names';
import { EnvironmentStack } from './environment-stack';

/** The network of one site, shared by the clusters that stand in it. */
export class NetworkStack extends EnvironmentStack {
  public readonly network: Network;

  public constructor(scope: Construct, environment: Environment, siteName: string) {
    super(scope, stackName.network(environment.name, siteName), environment);
    new AwsProvider(this, 'aws', {
      region: siteOf(environment, siteName).region,
      defaultTags: [{ tags: tagsOf(siteIdentityOf(environment, siteName), environment.tags) }],
    });
    this.network = new Network(this, 'network', { environment, siteName });
  }
}
