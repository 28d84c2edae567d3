import type { Environment } from '../../model/environment';
import { zabbixKeyOf } from '../../model/lookup';
import type { SecretPlace } from '../../model/secret-ref';
import type { Grants } from './machine-role';
import type { Network } from './network';
import { sharedName, sharedRead } from './shared-secret';

const FIELD = 'zabbix.pskSecret';

/** Read of the pre-shared key in the site's vault, and of nothing else; nothing without a Zabbix. */
export function zabbixGrants(environment: Environment, network: Network): Grants {
  const key = zabbixKeyOf(environment, network.siteName);
  return key === undefined ? {} : { 'zabbix-key': sharedRead(network, FIELD, key) };
}

/** Name of the pre-shared key in the vault. */
export function zabbixKey(place: SecretPlace): string {
  return sharedName(FIELD, place);
}
