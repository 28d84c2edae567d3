import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import type { Construct } from 'constructs';
import { PrivateBucket } from '../../constructs/aws/private-bucket';
import type { S3StateSpec } from '../../model/spec/state';

/** Days that earlier states stay recoverable. */
const STATE_HISTORY_DAYS = 365;

/** Days in which a deleted key can be brought back; the longest that KMS offers. */
const DELETION_WINDOW_DAYS = 30;

/** Makes the bucket and the key of an environment's states. */
export function prepareOnAws(
  scope: Construct,
  state: S3StateSpec & { readonly kmsKeyId: string },
  env: string,
  tags: Readonly<Record<string, string>>,
): void {
  new AwsProvider(scope, 'aws', { region: state.region, defaultTags: [{ tags }] });
  new PrivateBucket(scope, 'states', {
    bucketName: state.bucket,
    kmsKeyArn: stateKey(scope, state.kmsKeyId, env),
    noncurrentDays: STATE_HISTORY_DAYS,
    undestroyable: true,
  });
}

/** Makes a Route 53 zone. @returns its name servers */
export function route53Zone(scope: Construct, name: string, env: string): string[] {
  return new Route53Zone(scope, 'zone', { name, comment: `Drover: environment ${env}` }).nameServers;
}

/** A key that is named by its ARN exists already; an alias is what Drover makes. */
function stateKey(scope: Construct, kmsKeyId: string, env: string): string {
  if (!kmsKeyId.startsWith('alias/')) return kmsKeyId;
  const key = new KmsKey(scope, 'state-key', {
    description: `Drover: states of environment ${env}`,
    enableKeyRotation: true,
    deletionWindowInDays: DELETION_WINDOW_DAYS,
    lifecycle: { preventDestroy: true },
  });
  new KmsAlias(scope, 'state-key-alias', { name: kmsKeyId, targetKeyId: key.keyId });
  return key.arn;
}
