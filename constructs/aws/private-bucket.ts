import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { bucketPolicy } from './bucket-policy';

/** How one bucket differs from the others. */
export interface PrivateBucketProps {
  /** Name, unique in the world and known at synth. */
  readonly bucketName: string;
  /** Key that encrypts the objects. @default - S3's own key, the only one under which a public object can be read */
  readonly kmsKeyArn?: string;
  /** Days that overwritten and deleted objects stay recoverable. */
  readonly noncurrentDays: number;
  /** Old versions of an object that stay however old they are; at most 100. @default - none */
  readonly noncurrentVersionsKept?: number;
  /** Whether destroying the bucket deletes what lies in it. @default false */
  readonly disposable?: boolean;
  /** Keys of the only objects that the world may read. @default - none */
  readonly publicKeys?: readonly string[];
  /** Whether Terraform refuses to destroy the bucket. @default false */
  readonly undestroyable?: boolean;
}

/** Days after which the parts of an upload that never ended are removed. */
const ABANDONED_UPLOAD_DAYS = 7;

/** A bucket that is versioned, encrypted, reached by TLS only, and owned by its account; private unless said otherwise. */
export class PrivateBucket extends Construct {
  public readonly bucketName: string;
  public readonly arn: string;
  /** The bucket together with its settings: what must exist before an object is written. */
  public readonly settings: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const { publicKeys = [], disposable = false, undestroyable = false } = props;
    const bucket = new S3Bucket(this, 'bucket', {
      bucket: props.bucketName,
      forceDestroy: disposable,
      ...(undestroyable ? { lifecycle: { preventDestroy: true } } : {}),
    });
    this.bucketName = props.bucketName;
    this.arn = bucket.arn;
    const isPrivate = publicKeys.length === 0;
    const access = new S3BucketPublicAccessBlock(this, 'access', {
      bucket: bucket.id,
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: isPrivate,
      restrictPublicBuckets: isPrivate,
    });
    const versioning = new S3BucketVersioningA(this, 'versioning', {
      bucket: bucket.id,
      versioningConfiguration: { status: 'Enabled' },
    });
    this.settings = [
      bucket,
      versioning,
      this.encryption(bucket, props.kmsKeyArn),
      new S3BucketOwnershipControls(this, 'ownership', {
        bucket: bucket.id,
        rule: { objectOwnership: 'BucketOwnerEnforced' },
      }),
      // S3 refuses a public policy until the block is lifted, and two changes of one bucket's access at once.
      new S3BucketPolicy(this, 'policy', {
        bucket: bucket.id,
        policy: bucketPolicy(bucket.arn, publicKeys),
        dependsOn: [access],
      }),
    ];
    this.expiry(bucket, versioning, props);
  }

  private encryption(bucket: S3Bucket, kmsKeyArn: string | undefined): ITerraformDependable {
    return new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket: bucket.id,
      rule: [
        kmsKeyArn === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
          : {
              applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: kmsKeyArn },
              bucketKeyEnabled: true,
            },
      ],
    });
  }

  private expiry(bucket: S3Bucket, versioning: S3BucketVersioningA, props: PrivateBucketProps): void {
    const kept = props.noncurrentVersionsKept;
    new S3BucketLifecycleConfiguration(this, 'expiry', {
      bucket: bucket.id,
      rule: [
        {
          id: 'noncurrent',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          noncurrentVersionExpiration: [
            {
              noncurrentDays: props.noncurrentDays,
              ...(kept === undefined ? {} : { newerNoncurrentVersions: kept }),
            },
          ],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: ABANDONED_UPLOAD_DAYS }],
        },
      ],
      dependsOn: [versioning],
    });
  }
}
