import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Construct } from 'constructs';
import { identityOf, tagsOf } from '../model/identity';
import type { Environment } from '../model/environment';

/** The AWS provider of a stack: region of the site, identity of the cluster on everything it makes. */
export function awsProvider(scope: Construct, environment: Environment, site: string, cluster: string): AwsProvider {
  const spec = environment.sites[site];
  if (spec === undefined) throw new Error(`site '${site}' is not in environment '${environment.name}'`);
  return new AwsProvider(scope, 'aws', {
    region: spec.region,
    defaultTags: [{ tags: tagsOf(identityOf(environment, cluster), environment.tags) }],
  });
}
