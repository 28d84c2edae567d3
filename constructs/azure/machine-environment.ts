import type { BootstrapEnv } from '../bootstrap/env';
import { identitySettings, type IdentitySettings } from '../bootstrap/identity-settings';
import { selfDescription, type SelfDescription } from '../bootstrap/self-description';
import { wayOutEnvironment } from '../bootstrap/way-out';
import { zabbixEnvironment, type ZabbixSettings } from '../bootstrap/zabbix';
import { identityOfOwner } from '../platform/belonging';
import type { MachinePlace } from './machine-owner';
import type { MachineRole } from './machine-role';
import { zabbixKey } from './zabbix';

/** Where Azure answers. */
export const AZURE_DOMAINS = ['.azure.com', '.azure.net', '.windows.net'] as const;

/** What every machine is told of itself, whatever it becomes. */
export type MachineEnvironment = IdentitySettings &
  SelfDescription &
  ZabbixSettings &
  Pick<
    BootstrapEnv,
    | 'DROVER_SITE'
    | 'REGION'
    | 'BUNDLE_URL'
    | 'BUNDLE_SHA256'
    | 'SECRET_STORE'
    | 'KEY_VAULT_URL'
    | 'KEY_VAULT_IDENTITY'
    | 'HTTP_PROXY'
    | 'HTTPS_PROXY'
    | 'NO_PROXY'
    | 'REGISTRY_MIRRORS'
  >;

/** The identity of what a machine belongs to, its vault, and the bundle that it starts with. */
export function machineEnvironment(place: MachinePlace, role: MachineRole): MachineEnvironment {
  const { environment, network, clusterName, bundle } = place;
  return {
    ...identitySettings(identityOfOwner({ environment, network, clusterName })),
    DROVER_SITE: network.siteName,
    REGION: network.region,
    BUNDLE_URL: bundle.url,
    BUNDLE_SHA256: bundle.sha256,
    SECRET_STORE: 'keyvault',
    KEY_VAULT_URL: network.vault.uri,
    KEY_VAULT_IDENTITY: role.clientId,
    ...selfDescription({ environment, clusterName }, network.siteName),
    ...wayOutEnvironment(environment, AZURE_DOMAINS),
    ...zabbixEnvironment(environment, network.siteName, zabbixKey),
  };
}
