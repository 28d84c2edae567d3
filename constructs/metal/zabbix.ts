import type { Environment } from '../../model/environment';
import { zabbixKeyOf } from '../../model/lookup';
import type { SecretPlace } from '../../model/secret-ref';
import { keyOutsideStore, type SecretReading } from '../platform/errors';
import type { Grant } from './machine-role';

const READING: SecretReading = { readers: 'hosts on metal', kind: 'vault', form: 'vault:mount/path#key' };

/** Read of the pre-shared key in Vault, and of nothing else; nothing without a Zabbix. */
export function zabbixGrants(environment: Environment, siteName: string): Grant[] {
  const key = zabbixKeyOf(environment, siteName);
  return key === undefined ? [] : [{ path: secretPath(key), capabilities: ['read'] }];
}

/** Name of the pre-shared key, as hosts read it. */
export function zabbixKey(place: SecretPlace): string {
  if (place.kind !== 'vault') throw keyOutsideStore(place.kind, READING);
  return `${place.path}#${place.key}`;
}

/** Path of a secret of the key-value engine as its own API and policies name it: `mount/data/name`. */
export function secretPath(place: SecretPlace): string {
  if (place.kind !== 'vault') throw keyOutsideStore(place.kind, READING);
  const [mount = '', ...name] = place.path.split('/');
  return [mount, 'data', ...name].join('/');
}
