import type { Environment } from '../../model/environment';
import { zabbixKeyOf } from '../../model/lookup';
import type { SecretPlace } from '../../model/secret-ref';
import { keyOutsideVault } from './errors';
import type { Grant } from './machine-role';

/** Read of the pre-shared key in Vault, and of nothing else; nothing without a Zabbix. */
export function zabbixGrants(environment: Environment, siteName: string): Grant[] {
  const key = zabbixKeyOf(environment, siteName);
  return key === undefined ? [] : [{ path: secretPath(key), capabilities: ['read'] }];
}

/** Name of the pre-shared key, as hosts read it. */
export function zabbixKey(place: SecretPlace): string {
  if (place.kind !== 'vault') throw keyOutsideVault(place.kind);
  return `${place.path}#${place.key}`;
}

/** Path of a secret of the key-value engine as its own API and policies name it: `mount/data/name`. */
export function secretPath(place: SecretPlace): string {
  if (place.kind !== 'vault') throw keyOutsideVault(place.kind);
  const [mount = '', ...name] = place.path.split('/');
  return [mount, 'data', ...name].join('/');
}
