import type { Environment } from '../../model/environment';
import { zabbixKeyOf } from '../../model/lookup';
import type { SecretPlace } from '../../model/secret-ref';
import type { Grant } from './machine-role';
import { sharedName, sharedReads } from './shared-secret';

const FIELD = 'zabbix.pskSecret';

/** Read of the pre-shared key in Vault, and of nothing else; nothing without a Zabbix. */
export function zabbixGrants(environment: Environment, siteName: string): Grant[] {
  const key = zabbixKeyOf(environment, siteName);
  return key === undefined ? [] : sharedReads([[FIELD, key]]);
}

/** Name of the pre-shared key, as hosts read it. */
export function zabbixKey(place: SecretPlace): string {
  return sharedName(FIELD, place);
}
