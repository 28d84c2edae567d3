import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { AssetType, TerraformAsset } from 'cdktf';
import type { Construct } from 'constructs';
import { archiveFile, packBundle, type FurtherFile } from '../bootstrap/bundle-archive';
import { projectPath } from '../core/project-path';
import type { IBootstrapBundle } from '../platform/bundle';
import { PrivateBucket } from './private-bucket';
import { s3Host } from './s3-host';

/** Where scripts lie, and which they are. */
export interface StoredBundleProps {
  readonly bucket: PrivateBucket;
  readonly region: string;
  /** Key of the object. */
  readonly key: string;
  readonly hooks: readonly FurtherFile[];
}

/**
 * A scaling group goes on with the launch template it has, and that names one version of the bundle: the newest ones
 * stay for ever, older ones for a year.
 */
const VERSIONS_KEPT = 50;
const NONCURRENT_DAYS = 365;

/** The bucket of bootstrap scripts. */
export function scriptsBucket(
  scope: Construct,
  names: { readonly bucketName: string; readonly kmsKeyArn: string },
): PrivateBucket {
  return new PrivateBucket(scope, 'store', {
    ...names,
    noncurrentDays: NONCURRENT_DAYS,
    noncurrentVersionsKept: VERSIONS_KEPT,
    disposable: true,
  });
}

/** The bootstrap scripts as one versioned object. */
export function storedBundle(scope: Construct, { bucket, region, key, hooks }: StoredBundleProps): IBootstrapBundle {
  const { bytes, sha256 } = packBundle(projectPath('userdata'), hooks);
  const asset = new TerraformAsset(scope, 'archive', { path: archiveFile(bytes, sha256), type: AssetType.FILE });
  const object = new S3Object(scope, 'object', {
    bucket: bucket.bucketName,
    key,
    source: asset.path,
    sourceHash: sha256,
    contentType: 'application/x-tar',
    dependsOn: [...bucket.settings],
  });
  return {
    url: `https://${s3Host(bucket.bucketName, region)}/${key}?versionId=${object.versionId}`,
    sha256,
    resource: `${bucket.arn}/${key}`,
  };
}
