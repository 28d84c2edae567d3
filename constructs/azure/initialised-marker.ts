import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import type { Network } from './network';

/** The cluster that is initialised once. */
export interface InitialisedMarkerProps {
  readonly network: Network;
  readonly clusterName: string;
}

/**
 * The blob `cluster-initialised`, in a container of the cluster's own. The first server creates it itself, and only if it
 * is not there (`If-None-Match: *`): that is what keeps a second server, or a renewed one with an empty disk, from ever
 * initialising the cluster again. A vault knows no such write: each one makes a version. Terraform owns the container,
 * so that a marker goes with its cluster.
 */
export class InitialisedMarker extends Construct {
  /** Address of the blob. */
  public readonly url: string;
  /** What the right to create it names. */
  public readonly containerId: string;

  public constructor(scope: Construct, id: string, { network, clusterName }: InitialisedMarkerProps) {
    super(scope, id);
    const container = new StorageContainer(this, 'container', {
      // One part: a container takes no two hyphens in a row, which would stand between several.
      name: physicalName('kubernetesName', [`initialised-${clusterName}`]),
      storageAccountId: network.bundles.accountId,
      containerAccessType: 'private',
    });
    this.containerId = container.id;
    this.url = `${network.bundles.blobUrl}/${container.name}/cluster-initialised`;
  }
}
