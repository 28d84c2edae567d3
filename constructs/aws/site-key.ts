import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName } from '../../model/naming';
import { policyDocument } from './policy-document';
import type { Statement } from './policy-document';

/** Whose data the key encrypts. */
export interface SiteKeyProps {
  readonly environment: Environment;
  readonly siteName: string;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
}

/** Days in which a deleted key can be brought back; the longest that KMS offers. */
const DELETION_WINDOW_DAYS = 30;

/** Everything that a service has to do with a key that encrypts its data. */
export const KEY_USE = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];

/** The key of a site: disks, parameters, logs, buckets. It turns every year. */
export class SiteKey extends Construct {
  public readonly arn: string;

  public constructor(scope: Construct, id: string, props: SiteKeyProps) {
    super(scope, id);
    const { environment, siteName } = props;
    const key = new KmsKey(this, 'key', {
      description: `Drover: data of site ${siteName} of environment ${environment.name}`,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      policy: policyDocument([ownedBy(props), forLogs(props), ...forScaling(props)]),
    });
    new KmsAlias(this, 'alias', {
      name: physicalName('awsKmsAlias', ['drover', environment.name, siteName]),
      targetKeyId: key.keyId,
    });
    this.arn = key.arn;
  }
}

/** IAM policies of the account decide who else may use the key. */
function ownedBy({ accountId, partition }: SiteKeyProps): Statement {
  return {
    Sid: 'Account',
    Effect: 'Allow',
    Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
}

function forLogs({ accountId, partition, region, environment }: SiteKeyProps): Statement {
  return {
    Sid: 'Logs',
    Effect: 'Allow',
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: KEY_USE,
    Resource: '*',
    Condition: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${accountId}:log-group:/drover/${environment.name}/*`,
      },
    },
  };
}

/**
 * Encrypted disks of scaling groups. The service's role is named by a condition: it does not exist before the account's
 * first scaling group, and KMS refuses a policy whose principal is missing.
 */
function forScaling({ accountId, partition }: SiteKeyProps): Statement[] {
  const role = `arn:${partition}:iam::${accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
  const byRole = { ArnEquals: { 'aws:PrincipalArn': role } };
  return [
    {
      Sid: 'ScalingUse',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: KEY_USE,
      Resource: '*',
      Condition: byRole,
    },
    {
      Sid: 'ScalingGrant',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 'kms:CreateGrant',
      Resource: '*',
      Condition: { ...byRole, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
  ];
}
