import { KeyVaultSecret } from '@cdktf/provider-azurerm/lib/key-vault-secret';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import { EphemeralResource } from '../core/ephemeral-resource';
import { PENDING } from '../platform/pending';
import type { GeneratedSecretOptions, ISecret, ISecretStore, StoredSecretOptions } from '../platform/secret-store';
import type { Network } from './network';

/** Where the secrets of a cluster lie. */
export interface SecretStoreProps {
  /** Cluster that the secrets belong to; `management` for the one that runs Rancher. */
  readonly clusterName: string;
  /** The site whose vault keeps them. */
  readonly network: Network;
}

/** Secrets of a cluster in the vault of its site, named `<cluster>-<id>`, values in no state. */
export class SecretStore extends Construct implements ISecretStore {
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: SecretStoreProps,
  ) {
    super(scope, id);
  }

  public generated(id: string, options: GeneratedSecretOptions): ISecret {
    const password = new EphemeralResource(this, `${id}-value`, {
      type: 'random_password',
      arguments: { length: options.length ?? 48, special: false },
    });
    return this.secret(id, password.attribute('result'), options.version);
  }

  public published(id: string): ISecret {
    return this.secret(id, PENDING, 1);
  }

  public stored(id: string, options: StoredSecretOptions): ISecret {
    return this.secret(id, options.value, options.version);
  }

  private secret(id: string, value: string, version: number): ISecret {
    const { clusterName, network } = this.props;
    const name = physicalName('azureKeyVaultSecret', [clusterName, id]);
    const secret = new KeyVaultSecret(this, id, {
      name,
      keyVaultId: network.vault.id,
      valueWo: value,
      valueWoVersion: version,
    });
    return { name, handle: secret.resourceVersionlessId, region: network.region };
  }
}
