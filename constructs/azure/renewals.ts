import { DataAzurermKeyVaultSecrets } from '@cdktf/provider-azurerm/lib/data-azurerm-key-vault-secrets';
import { KeyVaultSecret } from '@cdktf/provider-azurerm/lib/key-vault-secret';
import { type ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import type { TerraformData } from '../core/terraform-data';
import { renewalGuard } from '../platform/renewal-guard';
import type { Network } from './network';

/** The servers and the numbers that the environment asks for. */
export interface RenewalsProps {
  readonly network: Network;
  /** Cluster that they are of. @default - none: they are machines of the site */
  readonly clusterName?: string;
  /** Renewal number by server key. */
  readonly wanted: Readonly<Record<string, number>>;
  /** What one of them is called in the refusal. @default 'server' */
  readonly what?: string;
}

/**
 * Refuses a plan that would renew more than one server: etcd keeps its majority only while the others stay.
 *
 * The record is a pair of entries in the vault for each server, written after the server's own report: one once and for
 * all, and one for the number that it has reached. A server is being renewed while it has the first and lacks the second
 * with the wanted number, so a renewal that failed halfway still counts. Names are enough, and hold no secret.
 */
export class Renewals extends Construct {
  /** Holds the condition: whoever is renewed depends on it. */
  public readonly guard: TerraformData;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: RenewalsProps,
  ) {
    super(scope, id);
    const records = new DataAzurermKeyVaultSecrets(this, 'records', { keyVaultId: props.network.vault.id });
    this.guard = renewalGuard(this, {
      names: Token.asAny(records.names),
      wanted: props.wanted,
      nameOf: (...parts) => this.entry(...parts),
      what: props.what,
    });
  }

  /**
   * Notes that a server has reached its number, once `ready` holds.
   * @param scope where keys of any kind may stand beside each other; those of a cluster's servers meet nothing here
   */
  public reached(server: string, ready: readonly ITerraformDependable[], scope: Construct = this): void {
    const keyVaultId = this.props.network.vault.id;
    const record = new KeyVaultSecret(scope, server, {
      name: this.entry(server),
      keyVaultId,
      value: 'exists',
      dependsOn: [...ready],
    });
    new KeyVaultSecret(scope, `${server}-number`, {
      name: this.entry(server, String(this.props.wanted[server] ?? 0)),
      keyVaultId,
      value: 'healthy',
      dependsOn: [...ready, record],
    });
  }

  private entry(...parts: readonly string[]): string {
    const { clusterName, network } = this.props;
    const owner = clusterName === undefined ? [network.siteName, 'machines'] : [clusterName];
    return physicalName('azureKeyVaultSecret', [...owner, 'renewed', ...parts]);
  }
}
