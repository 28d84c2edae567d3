import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName, uniquePart } from '../../model/naming';
import { hookFiles } from '../bootstrap/hooks';
import type { IBootstrapBundle } from '../platform/bundle';
import { scriptsBucket, storedBundle } from './stored-bundle';

/** Where the scripts lie. */
export interface BundleStoreProps {
  readonly environment: Environment;
  readonly siteName: string;
  readonly region: string;
  readonly kmsKeyArn: string;
}

const KEY = 'bootstrap.tar';

/** The bootstrap scripts of a site as one versioned object. */
export class BundleStore extends Construct implements IBootstrapBundle {
  public readonly url: string;
  public readonly sha256: string;
  public readonly resource: string;

  public constructor(scope: Construct, id: string, props: BundleStoreProps) {
    super(scope, id);
    const { environment, siteName, region, kmsKeyArn } = props;
    const bucket = scriptsBucket(this, {
      bucketName: physicalName('awsS3Bucket', [
        'drover',
        environment.name,
        siteName,
        'bundle',
        uniquePart(environment.domain),
      ]),
      kmsKeyArn,
    });
    const { url, sha256, resource } = storedBundle(this, { bucket, region, key: KEY, hooks: hookFiles(environment) });
    this.url = url;
    this.sha256 = sha256;
    this.resource = resource;
  }
}
