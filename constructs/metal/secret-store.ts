import { KvSecretV2 } from '@cdktf/provider-vault/lib/kv-secret-v2';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { identityOf } from '../../model/identity';
import { vaultOf } from '../../model/lookup';
import { EphemeralResource } from '../core/ephemeral-resource';
import type { INetwork } from '../platform/network';
import { PENDING } from '../platform/pending';
import type { GeneratedSecretOptions, ISecret, ISecretStore, StoredSecretOptions } from '../platform/secret-store';
import { VALUE, vaultPath } from './vault-path';

/** Where the secrets of a cluster lie. */
export interface SecretStoreProps {
  readonly environment: Environment;
  /** Where those stand who read them; the Vault of that site keeps them. */
  readonly network: Pick<INetwork, 'siteName'>;
  /** Cluster that the secrets belong to; `management` for the one that runs Rancher. */
  readonly clusterName: string;
}

/** Secrets of a cluster in the Vault of its site, as `<mount>/<environment>/<cluster>/<id>`, values in no state. */
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
    const { environment, network, clusterName } = this.props;
    const { mount } = vaultOf(environment, network.siteName);
    const name = vaultPath(environment, clusterName, id);
    const secret = new KvSecretV2(this, id, {
      mount,
      name,
      dataJsonWo: Fn.jsonencode({ [VALUE]: value }),
      dataJsonWoVersion: version,
      // What is read would lie in the state, also what a host has published.
      disableRead: true,
      // A name with versions left would refuse the marker of the next cluster, and keep secrets of this one.
      deleteAllVersions: true,
    });
    return { name: `${mount}/${name}`, handle: secret.path, region: identityOf(environment, clusterName).region };
  }
}
