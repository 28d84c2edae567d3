import { PrivateBucket, type PrivateBucketProps } from '../../../constructs/aws/private-bucket';
import { only, type Synthesized } from '../../support/synth';
import { inStack } from './network-fixture';

const bucket = (props: Partial<PrivateBucketProps> = {}): Synthesized =>
  inStack((stack) => new PrivateBucket(stack, 'it', { bucketName: 'acme-things', noncurrentDays: 30, ...props }));

const statementsOf = ({ resource }: Synthesized): unknown =>
  JSON.parse(String(only(resource, 'aws_s3_bucket_policy')['policy']));

test('a bucket keeps versions, belongs to its account alone and is closed to the public', () => {
  const { resource } = bucket();
  expect(only(resource, 'aws_s3_bucket_versioning')).toMatchObject({ versioning_configuration: { status: 'Enabled' } });
  expect(only(resource, 'aws_s3_bucket_ownership_controls')).toMatchObject({
    rule: { object_ownership: 'BucketOwnerEnforced' },
  });
  expect(only(resource, 'aws_s3_bucket_public_access_block')).toMatchObject({
    block_public_acls: true,
    ignore_public_acls: true,
    block_public_policy: true,
    restrict_public_buckets: true,
  });
});

test('nothing is read or written without TLS 1.2', () => {
  expect(statementsOf(bucket())).toEqual({
    Version: '2012-10-17',
    Statement: [
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      expect.objectContaining({ Effect: 'Deny', Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } }),
    ],
  });
});

test('the policy waits for the block on public access', () => {
  expect(only(bucket().resource, 'aws_s3_bucket_policy')['depends_on']).toEqual([
    expect.stringMatching(/^aws_s3_bucket_public_access_block\./),
  ]);
});

test('with a key its objects are encrypted by it, without one by S3', () => {
  const rule = ({ resource }: Synthesized): unknown =>
    only(resource, 'aws_s3_bucket_server_side_encryption_configuration')['rule'];
  expect(rule(bucket({ kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1' }))).toEqual([
    {
      apply_server_side_encryption_by_default: {
        kms_master_key_id: 'arn:aws:kms:eu-west-1:111122223333:key/1',
        sse_algorithm: 'aws:kms',
      },
      bucket_key_enabled: true,
    },
  ]);
  expect(rule(bucket())).toEqual([{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }]);
});

test('old versions go after their days, unfinished uploads after a week', () => {
  const expiry = only(bucket({ noncurrentDays: 35 }).resource, 'aws_s3_bucket_lifecycle_configuration');
  expect(expiry['rule']).toEqual([
    {
      id: 'noncurrent',
      status: 'Enabled',
      filter: [{ prefix: '' }],
      noncurrent_version_expiration: [{ noncurrent_days: 35 }],
      abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
    },
  ]);
});

test('a bucket is emptied by a destroy only when it says so', () => {
  expect(only(bucket().resource, 'aws_s3_bucket')['force_destroy']).toBe(false);
  expect(only(bucket({ disposable: true }).resource, 'aws_s3_bucket')['force_destroy']).toBe(true);
});

test('named objects may be public, and nothing else of the bucket', () => {
  const open = bucket({ publicKeys: ['keys.json'] });
  expect(only(open.resource, 'aws_s3_bucket_public_access_block')).toMatchObject({
    block_public_acls: true,
    block_public_policy: false,
    restrict_public_buckets: false,
  });
  expect(statementsOf(open)).toMatchObject({
    Statement: [
      { Effect: 'Deny' },
      { Effect: 'Deny' },
      { Effect: 'Allow', Action: 's3:GetObject', Resource: [expect.stringMatching(/\/keys\.json$/)] },
    ],
  });
});
