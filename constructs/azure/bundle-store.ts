import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import type { Deployers } from './deployers';
import type { GroupPlace } from './group-place';
import { PrivateAccount } from './private-account';

/** Where the scripts lie. */
export interface BundleStoreProps extends GroupPlace {
  readonly environment: Environment;
  readonly siteName: string;
  readonly deployers: Deployers;
  readonly subnetIds: readonly string[];
}

const NONCURRENT_DAYS = 30;

/**
 * The account of a site for the scripts of its clusters and the markers of their beginnings. The scripts themselves are
 * stored by the stack whose machines fetch them: whoever deploys has no right to write here before the role has spread.
 */
export class BundleStore extends Construct {
  public readonly accountName: string;
  public readonly accountId: string;
  public readonly blobUrl: string;
  /** Container of the scripts. */
  public readonly containerName: string;
  /** What a machine's right to read names. */
  public readonly containerId: string;

  public constructor(scope: Construct, id: string, props: BundleStoreProps) {
    super(scope, id);
    const account = new PrivateAccount(this, 'store', {
      ...props,
      nameParts: [props.siteName, 'bundles'],
      noncurrentDays: NONCURRENT_DAYS,
    });
    const container = new StorageContainer(this, 'container', {
      name: 'bundles',
      storageAccountId: account.id,
      containerAccessType: 'private',
    });
    this.accountName = account.accountName;
    this.accountId = account.id;
    this.blobUrl = account.blobUrl;
    this.containerName = container.name;
    this.containerId = container.id;
    props.deployers.grant(this, 'Storage Blob Data Contributor', account.id);
  }
}
