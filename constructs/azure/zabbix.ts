import type { Environment } from '../../model/environment';
import { zabbixKeyOf } from '../../model/lookup';
import type { SecretPlace } from '../../model/secret-ref';
import { keyOutsideStore, type SecretReading } from '../platform/errors';
import type { Grants } from './machine-role';
import type { Network } from './network';

const READING: SecretReading = { readers: 'machines of Azure', kind: 'keyvault', form: 'keyvault:name' };

/** Read of the pre-shared key in the site's vault, and of nothing else; nothing without a Zabbix. */
export function zabbixGrants(environment: Environment, { vault, siteName }: Network): Grants {
  const key = zabbixKeyOf(environment, siteName);
  if (key === undefined) return {};
  return {
    'zabbix-key': {
      role: 'Key Vault Secrets User',
      scope: `${vault.id}/secrets/${zabbixKey(key)}`,
    },
  };
}

/** Name of the pre-shared key in the vault. */
export function zabbixKey(place: SecretPlace): string {
  if (place.kind !== 'keyvault') throw keyOutsideStore(place.kind, READING);
  return place.name;
}
