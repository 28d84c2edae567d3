import type { BootstrapEnv } from '../bootstrap/env';
import { identitySettings, type IdentitySettings } from '../bootstrap/identity-settings';
import { selfDescription, type SelfDescription } from '../bootstrap/self-description';
import { identityOfOwner } from '../platform/belonging';
import type { MachinePlace } from './machine-statements';
import { wayOutEnvironment } from '../bootstrap/way-out';
import { zabbixEnvironment, type ZabbixSettings } from '../bootstrap/zabbix';
import { zabbixKey } from './zabbix';

/** Where AWS answers. */
export const AWS_DOMAINS = ['.amazonaws.com', '.amazonaws.com.cn'] as const;

/** What every machine is told of itself, whatever it becomes. */
export interface MachineEnvironment
  extends
    IdentitySettings,
    ZabbixSettings,
    Pick<BootstrapEnv, 'HTTP_PROXY' | 'HTTPS_PROXY' | 'NO_PROXY' | 'REGISTRY_MIRRORS'>,
    Omit<SelfDescription, 'PROVIDER_ID_BY'> {
  readonly DROVER_SITE: string;
  readonly REGION: string;
  readonly BUNDLE_URL: string;
  readonly BUNDLE_SHA256: string;
  readonly PROVIDER_ID_BY: 'self';
}

/** The identity of what a machine belongs to, and the bundle that it starts with. */
export function machineEnvironment(place: MachinePlace): MachineEnvironment {
  const { environment, network, clusterName, bundle = network.bundle } = place;
  return {
    ...identitySettings(identityOfOwner({ environment, network, clusterName })),
    DROVER_SITE: network.siteName,
    REGION: network.region,
    BUNDLE_URL: bundle.url,
    BUNDLE_SHA256: bundle.sha256,
    ...selfDescription({ environment, clusterName }, network.siteName),
    // The cloud controller manager finds a machine by its private DNS name, and ours have names of their own.
    PROVIDER_ID_BY: 'self',
    ...wayOutEnvironment(environment, AWS_DOMAINS),
    ...zabbixEnvironment(environment, network.siteName, zabbixKey),
  };
}
