import { DataVaultKvSecretsListV2 } from '@cdktf/provider-vault/lib/data-vault-kv-secrets-list-v2';
import { KvSecretV2 } from '@cdktf/provider-vault/lib/kv-secret-v2';
import { Fn, TerraformLocal } from 'cdktf';
import { Construct } from 'constructs';

import { keepalivedOf } from '../../model/nginx';
import type { Environment } from '../../model/environment';
import { clusterOf, vaultOf } from '../../model/lookup';
import { TerraformData } from '../core/terraform-data';
import { goneWithoutLeaving } from './errors';
import type { Network } from './network';
import { vaultPath } from './vault-path';

/** The cluster whose hosts are kept in mind. */
export interface RosterProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
}

/** Makes the list exist before the first host does: Vault knows no empty one, and reading it would fail. */
const PLACEHOLDER = 'roster';

/**
 * The hosts of a cluster, remembered in Vault. A host that goes from the data takes what ends its membership with it, so
 * a plan is refused that knows less hosts than the list, but for those that are told to leave.
 */
export class Roster extends Construct {
  /** Holds the condition: whoever is changed depends on it. */
  public readonly guard: TerraformData;

  public constructor(scope: Construct, id: string, props: RosterProps) {
    super(scope, id);
    const { environment, network, clusterName } = props;
    const { mount } = vaultOf(environment);
    const folder = vaultPath(environment, clusterName, 'hosts');
    const record = (host: string): KvSecretV2 =>
      new KvSecretV2(this, host, {
        mount,
        name: `${folder}/${host}`,
        dataJson: Fn.jsonencode({ site: network.siteName }),
        deleteAllVersions: true,
      });
    const hosts = hostsOf(environment, clusterName);
    const placeholder = record(PLACEHOLDER);
    const list = new DataVaultKvSecretsListV2(this, 'recorded', { mount, name: folder, dependsOn: [placeholder] });
    // Names are no secret, but the provider marks them as such.
    const recorded = new TerraformLocal(this, 'names', Fn.nonsensitive(list.names));
    const known = JSON.stringify([...new Set([PLACEHOLDER, ...hosts, ...network.site.leaving])]);
    const gone = new TerraformLocal(
      this,
      'gone',
      `\${setsubtract(toset(local.${recorded.friendlyUniqueId}), toset(${known}))}`,
    );
    const names = `local.${gone.friendlyUniqueId}`;
    this.guard = new TerraformData(this, 'guard', { input: hosts });
    this.guard.lifecycle = {
      precondition: [
        {
          condition: `\${length(${names}) == 0}`,
          errorMessage: goneWithoutLeaving(clusterName, `\${join(", ", ${names})}`),
        },
      ],
    };
    for (const host of hosts) record(host);
  }
}

/** Every host of a cluster: servers, groups, load balancer. */
function hostsOf(environment: Environment, clusterName: string): string[] {
  const cluster = clusterOf(environment, clusterName);
  const groups = 'nodeGroups' in cluster ? Object.values(cluster.nodeGroups) : [];
  return [
    ...[cluster.servers, ...groups].flatMap((it) => ('hosts' in it ? it.hosts : [])),
    ...(keepalivedOf(environment, clusterName)?.hosts ?? []),
  ];
}
