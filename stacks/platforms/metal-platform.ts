import { VaultProvider } from '@cdktf/provider-vault/lib/provider';
import { AssetType, TerraformAsset } from 'cdktf';
import { projectPath } from '../../constructs/core/project-path';
import { Network } from '../../constructs/metal/network';
import { openSecret } from '../../constructs/metal/open-secret';
import { policyPath } from '../../constructs/metal/shared-secret';
import { vaultOf } from '../../model/lookup';
import { MetalSite } from './metal-site';
import type { IPlatform } from './platform';

/** Hosts of one's own, and a Vault. */
export const metalPlatform: IPlatform = {
  provider: (scope, { environment, siteName }, _tags, alias) => {
    const { address, namespace, caFile } = vaultOf(environment, siteName);
    return new VaultProvider(scope, 'vault', {
      address,
      ...(namespace === undefined ? {} : { namespace }),
      ...(caFile === undefined
        ? {}
        : {
            caCertFile: new TerraformAsset(scope, 'vault-ca', {
              path: projectPath(...caFile.split('/')),
              type: AssetType.FILE,
            }).path,
          }),
      // A child token lives twenty minutes; to bring up servers one after the other takes longer.
      skipChildToken: true,
      ...(alias === undefined ? {} : { alias }),
    });
  },
  network: (scope, id, site) => new MetalSite(new Network(scope, id, site)),
  openSecret,
  placedSecrets: () => (place) =>
    place.kind === 'vault'
      ? { name: `${place.path}#${place.key}`, handle: policyPath(place.path), region: 'vault' }
      : undefined,
  secretPlace: 'vault:mount/path#key',
};
