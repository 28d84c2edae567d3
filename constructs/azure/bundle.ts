import { StorageBlob } from '@cdktf/provider-azurerm/lib/storage-blob';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { archiveFile, packBundle } from '../bootstrap/bundle-archive';
import { hookFiles } from '../bootstrap/hooks';
import { projectPath } from '../core/project-path';
import type { IBootstrapBundle } from '../platform/bundle';
import type { Network } from './network';

/** The cluster whose machines fetch the scripts. */
export interface BundleProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
}

/** The bootstrap scripts as a blob of the cluster's own, named by their content. */
export class Bundle extends Construct implements IBootstrapBundle {
  public readonly url: string;
  public readonly sha256: string;
  public readonly resource: string;

  public constructor(scope: Construct, id: string, { environment, network, clusterName }: BundleProps) {
    super(scope, id);
    const { bytes, sha256 } = packBundle(projectPath('userdata'), hookFiles(environment));
    const asset = new TerraformAsset(this, 'archive', { path: archiveFile(bytes, sha256), type: AssetType.FILE });
    const blob = new StorageBlob(this, 'object', {
      name: `${clusterName}/${sha256}.tar`,
      storageAccountName: network.bundles.accountName,
      storageContainerName: network.bundles.containerName,
      type: 'Block',
      contentType: 'application/x-tar',
      source: asset.path,
      // The scale sets of this stack are told the new address before the old blob goes.
      lifecycle: { createBeforeDestroy: true },
    });
    this.url = blob.url;
    this.sha256 = sha256;
    this.resource = network.bundles.containerId;
  }
}
