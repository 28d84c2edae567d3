import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { clusterOf } from '../../model/lookup';
import type { ClusterGroup } from './cluster-group';
import { PrivateAccount } from './private-account';

/** The cluster whose pods get identities. */
export interface PodIdentityProps {
  readonly environment: Environment;
  readonly clusterName: string;
  readonly group: ClusterGroup;
}

/** Audience of tokens that Entra ID accepts. */
export const TOKEN_AUDIENCE = 'api://AzureADTokenExchange';

/** Container of the discovery document and the keys; the path of the issuer. */
const CONTAINER = 'identity';
const NONCURRENT_DAYS = 30;

/** Public discovery address of a cluster's service-account tokens. */
export class PodIdentity extends Construct {
  /** `service-account-issuer` of the cluster: an HTTPS address, known at synth; it can never change. */
  public readonly issuer: string;
  /** Address below which a server publishes discovery and keys, at the path of the issuer. */
  public readonly store: string;
  /** What the right to publish names. */
  public readonly containerId: string;

  public constructor(scope: Construct, id: string, { environment, clusterName, group }: PodIdentityProps) {
    super(scope, id);
    const account = new PrivateAccount(this, 'discovery', {
      ...group.place,
      environment,
      siteName: clusterOf(environment, clusterName).site,
      nameParts: [clusterName, 'identity'],
      noncurrentDays: NONCURRENT_DAYS,
      subnetIds: [],
      isPublic: true,
    });
    const container = new StorageContainer(this, 'container', {
      name: CONTAINER,
      storageAccountId: account.id,
      // Single documents may be read by the world, the list of them may not.
      containerAccessType: 'blob',
    });
    this.containerId = container.id;
    this.store = account.blobUrl;
    this.issuer = `${account.blobUrl}/${CONTAINER}`;
  }
}
