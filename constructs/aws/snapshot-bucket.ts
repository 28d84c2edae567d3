import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName, uniquePart } from '../../model/naming';
import type { Network } from './network';
import { PrivateBucket } from './private-bucket';

/** Where a cluster's etcd snapshots go. */
export interface SnapshotBucketProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
  /** Days that deleted or overwritten snapshots stay recoverable. */
  readonly retentionDays: number;
}

/**
 * Bucket of a cluster's etcd snapshots. It is never emptied by Terraform: whoever destroys a cluster that has
 * snapshots is stopped by S3 and decides about them first.
 */
export class SnapshotBucket extends Construct {
  /** Name of the bucket, known at synth. */
  public readonly bucket: string;
  public readonly arn: string;
  public readonly region: string;

  public constructor(scope: Construct, id: string, props: SnapshotBucketProps) {
    super(scope, id);
    const { environment, network, clusterName } = props;
    const bucket = new PrivateBucket(this, 'snapshots', {
      bucketName: physicalName('awsS3Bucket', [
        'drover',
        environment.name,
        clusterName,
        'snapshots',
        uniquePart(environment.domain),
      ]),
      kmsKeyArn: network.kmsKeyArn,
      noncurrentDays: props.retentionDays,
    });
    this.bucket = bucket.bucketName;
    this.arn = bucket.arn;
    this.region = network.region;
  }
}
