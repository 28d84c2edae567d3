import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Network } from '../../constructs/aws/network';
import { openSecret } from '../../constructs/aws/open-secret';
import { identityOf } from '../../model/identity';
import { awsSiteOf } from '../../model/lookup';
import { AwsSite } from './aws-site';
import type { IPlatform } from './platform';

/** Amazon Web Services. */
export const awsPlatform: IPlatform = {
  provider: (scope, { environment, siteName }, tags, alias) =>
    new AwsProvider(scope, 'aws', {
      region: awsSiteOf(environment, siteName).region,
      defaultTags: [{ tags }],
      ...(alias === undefined ? {} : { alias }),
    }),
  network: (scope, id, site) => new AwsSite(new Network(scope, id, site)),
  openSecret,
  placedSecrets: (scope, { environment, clusterName }) => {
    const { region } = identityOf(environment, clusterName);
    const { partition } = new DataAwsPartition(scope, 'partition');
    const { accountId } = new DataAwsCallerIdentity(scope, 'account');
    return (place) =>
      place.kind === 'ssm'
        ? {
            name: place.path,
            handle: `arn:${partition}:ssm:${region}:${accountId}:parameter${place.path}`,
            region,
          }
        : undefined;
  },
  secretPlace: 'ssm:/path',
};
