import { policyDocument } from './policy-document';
import type { Statement } from './policy-document';

/** The account whose identities may pass an endpoint. */
export interface EndpointPolicyProps {
  readonly accountId: string;
  readonly partition: string;
}

/** An interface endpoint passes identities of the account only: no foreign key can carry data out through it. */
export function endpointPolicy(service: string, props: EndpointPolicyProps): string {
  const { accountId, partition } = props;
  const statements: Statement[] = [
    {
      Sid: 'Account',
      Effect: 'Allow',
      Principal: '*',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': accountId } },
    },
  ];
  if (service === 'sts') {
    statements.push({
      // A pod that swaps its token for a role has no AWS identity yet, so no condition on its account can hold.
      Sid: 'PodIdentity',
      Effect: 'Allow',
      Principal: '*',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Resource: `arn:${partition}:iam::${accountId}:role/*`,
    });
  }
  return policyDocument(statements);
}

/** The S3 endpoint passes the account to its own buckets, and reading from others: registries and SSM serve from them. */
export function storageEndpointPolicy({ accountId }: EndpointPolicyProps): string {
  return policyDocument([
    {
      Sid: 'Account',
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': accountId, 'aws:ResourceAccount': accountId } },
    },
    { Sid: 'Reading', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' },
  ]);
}
