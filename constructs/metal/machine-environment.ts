import { vaultOf } from '../../model/lookup';
import type { BootstrapEnv } from '../bootstrap/env';
import { identitySettings } from '../bootstrap/identity-settings';
import { selfDescription } from '../bootstrap/self-description';
import { wayOutEnvironment } from '../bootstrap/way-out';
import { zabbixEnvironment } from '../bootstrap/zabbix';
import { identityOfOwner } from '../platform/belonging';
import { hostOf } from './host-spec';
import type { MachinePlace } from './machine-owner';
import type { MachineRole } from './machine-role';
import { zabbixKey } from './zabbix';

/** Where `enter.sh` puts the certificates that Vault is trusted by. */
const VAULT_CA = '/etc/drover/vault-ca.pem';

/** What every host is told of itself, whatever it becomes. */
export function machineEnvironment(
  place: MachinePlace,
  host: string,
  role: MachineRole,
): Omit<BootstrapEnv, 'DROVER_ROLE'> {
  const { environment, network, clusterName, bundle } = place;
  const vault = vaultOf(environment, network.siteName);
  return {
    ...identitySettings(identityOfOwner({ environment, network, clusterName })),
    DROVER_SITE: network.siteName,
    DROVER_NODE: host,
    HOST_NAME: host,
    HOST_ADDRESS: hostOf(network.site, network.siteName, host).address,
    REGION: network.region,
    BUNDLE_SHA256: bundle.sha256,
    SECRET_STORE: 'vault',
    VAULT_ADDR: vault.address,
    VAULT_ROLE_ID: role.roleId,
    VAULT_APPROLE_MOUNT: vault.approleMount,
    ...(vault.namespace === undefined ? {} : { VAULT_NAMESPACE: vault.namespace }),
    ...(bundle.vaultCa === undefined ? {} : { VAULT_CA_FILE: VAULT_CA }),
    ...selfDescription({ environment, clusterName }, network.siteName),
    ...wayOutEnvironment(environment, [new URL(vault.address).hostname]),
    ...zabbixEnvironment(environment, network.siteName, zabbixKey),
  };
}
