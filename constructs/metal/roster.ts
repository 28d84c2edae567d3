import { DataVaultKvSecretsListV2 } from '@cdktf/provider-vault/lib/data-vault-kv-secrets-list-v2';
import { KvSecretV2 } from '@cdktf/provider-vault/lib/kv-secret-v2';
import { Fn, TerraformLocal, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { groupsIn } from '../../model/guests';
import { clusterOf, metalSiteOf, vaultOf } from '../../model/lookup';
import { keepalivedOf } from '../../model/nginx';
import { glusterOf } from '../../model/storage';
import { TerraformData } from '../core/terraform-data';
import { namePartsOf, type Belonging } from '../platform/belonging';
import { goneWithoutLeaving, machinesGone } from './errors';
import type { Network } from './network';
import { vaultPath } from './vault-path';

/** The cluster, or the site, whose hosts are kept in mind. */
export type RosterProps = Belonging & { readonly network: Network };

/** Makes the list exist before the first host does: Vault knows no empty one, and reading it would fail. */
const PLACEHOLDER = '.roster';

/**
 * The hosts of a cluster in a site, or the machines of a site, remembered in Vault. A host that goes from the data takes what
 * ends its membership with it, so a plan is refused that knows less hosts than the list, but for those that are told to leave.
 */
export class Roster extends Construct {
  /** Holds the condition: whoever is changed depends on it. */
  public readonly guard: TerraformData;
  private readonly props: RosterProps;
  private readonly records: Construct;

  public constructor(scope: Construct, id: string, props: RosterProps) {
    super(scope, id);
    this.props = props;
    this.records = new Construct(this, 'records');
    const { environment, network, clusterName } = props;
    const hosts = clusterName === undefined ? machinesOf(props) : hostsOf(props, clusterName);
    const list = new DataVaultKvSecretsListV2(this, 'list', {
      mount: vaultOf(environment, network.siteName).mount,
      name: this.folder(),
      dependsOn: [this.record(this, 'placeholder', PLACEHOLDER)],
    });
    // Names are no secret, but the provider marks them as such.
    const names = new TerraformLocal(this, 'names', Fn.nonsensitive(list.names));
    const known = JSON.stringify([...new Set([PLACEHOLDER, ...hosts, ...network.site.leaving])]);
    const gone = new TerraformLocal(
      this,
      'gone',
      `\${setsubtract(toset(local.${names.friendlyUniqueId}), toset(${known}))}`,
    );
    const missing = `\${join(", ", local.${gone.friendlyUniqueId})}`;
    this.guard = new TerraformData(this, 'guard', { input: hosts });
    this.guard.lifecycle = {
      precondition: [
        {
          condition: `\${length(local.${gone.friendlyUniqueId}) == 0}`,
          errorMessage:
            clusterName === undefined
              ? machinesGone(network.siteName, missing)
              : goneWithoutLeaving(clusterName, missing),
        },
      ],
    };
  }

  /** Remembers a host. Whatever ends its membership depends on this, so that it is forgotten only after it has left. */
  public remember(host: string): ITerraformDependable {
    return this.record(this.records, host, host);
  }

  private record(scope: Construct, id: string, host: string): KvSecretV2 {
    const { environment, network } = this.props;
    return new KvSecretV2(scope, id, {
      mount: vaultOf(environment, network.siteName).mount,
      name: `${this.folder()}/${host}`,
      dataJson: Fn.jsonencode({ site: network.siteName }),
      deleteAllVersions: true,
    });
  }

  private folder(): string {
    const { environment, network, clusterName } = this.props;
    const [, ...owner] = namePartsOf(this.props);
    const isGuest = clusterName !== undefined && clusterOf(environment, clusterName).site !== network.siteName;
    // A list of its own: both sites may have one Vault, and each knows its own hosts alone.
    return vaultPath(environment, ...owner, isGuest ? `hosts-${network.siteName}` : 'hosts');
  }
}

/** Hosts of a site that are machines in no cluster. */
function machinesOf({ environment, network }: Pick<RosterProps, 'environment' | 'network'>): string[] {
  return Object.values(metalSiteOf(environment, network.siteName).machines).map(({ host }) => host);
}

/** Every host that a cluster has in a site: servers, storage nodes and load balancer at home, groups wherever they stand. */
function hostsOf(
  { environment, network }: Pick<RosterProps, 'environment' | 'network'>,
  clusterName: string,
): string[] {
  const cluster = clusterOf(environment, clusterName);
  const groups = 'nodeGroups' in cluster ? Object.values(groupsIn(cluster, network.siteName)) : [];
  const atHome = cluster.site === network.siteName;
  const gluster = glusterOf(environment, clusterName);
  const home = [cluster.servers, ...(gluster === undefined ? [] : [gluster])];
  return [
    ...[...(atHome ? home : []), ...groups].flatMap((it) => ('hosts' in it ? it.hosts : [])),
    ...(atHome ? (keepalivedOf(environment, clusterName)?.hosts ?? []) : []),
  ];
}
