import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName, uniquePart } from '../../model/naming';
import { archiveFile, packBundle } from '../bootstrap/bundle-archive';
import { hookFiles } from '../bootstrap/hooks';
import { projectPath } from '../core/project-path';
import type { IBootstrapBundle } from '../platform/bundle';
import { PrivateBucket } from './private-bucket';
import { s3Host } from './s3-host';

/** Where the scripts lie. */
export interface BundleStoreProps {
  readonly environment: Environment;
  readonly siteName: string;
  readonly region: string;
  readonly kmsKeyArn: string;
}

const KEY = 'bootstrap.tar';

/**
 * A scaling group goes on with the launch template it has, and that names one version of the bundle: the newest ones
 * stay for ever, older ones for a year.
 */
const VERSIONS_KEPT = 50;
const NONCURRENT_DAYS = 365;

/** The bootstrap scripts of a site as one versioned object. */
export class BundleStore extends Construct implements IBootstrapBundle {
  public readonly url: string;
  public readonly sha256: string;
  public readonly resource: string;

  public constructor(scope: Construct, id: string, props: BundleStoreProps) {
    super(scope, id);
    const { environment, siteName, region, kmsKeyArn } = props;
    const bucket = new PrivateBucket(this, 'store', {
      bucketName: physicalName('awsS3Bucket', [
        'drover',
        environment.name,
        siteName,
        'bundle',
        uniquePart(environment.domain),
      ]),
      kmsKeyArn,
      noncurrentDays: NONCURRENT_DAYS,
      noncurrentVersionsKept: VERSIONS_KEPT,
      disposable: true,
    });
    const { bytes, sha256 } = packBundle(projectPath('userdata'), hookFiles(environment));
    const asset = new TerraformAsset(this, 'archive', { path: archiveFile(bytes, sha256), type: AssetType.FILE });
    const object = new S3Object(this, 'object', {
      bucket: bucket.bucketName,
      key: KEY,
      source: asset.path,
      sourceHash: sha256,
      contentType: 'application/x-tar',
      dependsOn: [...bucket.settings],
    });
    this.url = `https://${s3Host(bucket.bucketName, region)}/${KEY}?versionId=${object.versionId}`;
    this.sha256 = sha256;
    this.resource = `${bucket.arn}/${KEY}`;
  }
}
