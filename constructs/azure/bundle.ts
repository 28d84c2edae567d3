import { StorageBlob } from '@cdktf/provider-azurerm/lib/storage-blob';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { HooksSpec } from '../../model/spec/bootstrap';
import { archiveFile, packBundle } from '../bootstrap/bundle-archive';
import { hookFiles } from '../bootstrap/hooks';
import { projectPath } from '../core/project-path';
import { namePartsOf, type Belonging } from '../platform/belonging';
import type { IBootstrapBundle } from '../platform/bundle';
import type { Network } from './network';

/** Whose machines fetch the scripts. */
export type BundleProps = Belonging & {
  readonly network: Network;
  /** The one machine of a site that fetches them, with hooks of its own. @default - all machines of a cluster */
  readonly machine?: { readonly name: string; readonly hooks: HooksSpec };
};

/** The bootstrap scripts as a blob of the cluster's own, or of one machine, named by their content. */
export class Bundle extends Construct implements IBootstrapBundle {
  public readonly url: string;
  public readonly sha256: string;
  public readonly resource: string;

  public constructor(scope: Construct, id: string, props: BundleProps) {
    super(scope, id);
    const { environment, network, machine } = props;
    const { bytes, sha256 } = packBundle(projectPath('userdata'), hookFiles(environment, machine?.hooks));
    const asset = new TerraformAsset(this, 'archive', { path: archiveFile(bytes, sha256), type: AssetType.FILE });
    // The store is the environment's: its name would say nothing.
    const [, ...folders] = [...namePartsOf(props), ...(machine === undefined ? [] : [machine.name])];
    const blob = new StorageBlob(this, 'object', {
      name: `${folders.join('/')}/${sha256}.tar`,
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
