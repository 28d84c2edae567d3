import { SnapshotBucket } from '../../../constructs/aws/snapshot-bucket';
import { only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './network-fixture';

const snapshots = (): Synthesized =>
  inStack((stack) => {
    const environment = environmentWith();
    new SnapshotBucket(stack, 'backup', {
      environment,
      network: networkIn(stack, environment),
      clusterName: 'management',
      retentionDays: 35,
    });
  });

test('snapshots that were deleted can be brought back for the days that the environment says', () => {
  expect(only(snapshots().resource, 'aws_s3_bucket_lifecycle_configuration', 'backup_')).toMatchObject({
    rule: [{ noncurrent_version_expiration: [{ noncurrent_days: 35 }] }],
  });
});

test('a destroy does not take snapshots along', () => {
  expect(only(snapshots().resource, 'aws_s3_bucket', 'backup_')).toMatchObject({
    bucket: expect.stringMatching(/^drover-dev-management-snapshots-[0-9a-f]{6}$/),
    force_destroy: false,
  });
});

test('snapshots are encrypted by the key of the site', () => {
  const encryption = only(snapshots().resource, 'aws_s3_bucket_server_side_encryption_configuration', 'backup_');
  expect(JSON.stringify(encryption)).toContain('aws_kms_key.network_key');
});
