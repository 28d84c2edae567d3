import type { Environment } from '../../model/environment';
import { zabbixKeyOf } from '../../model/lookup';
import type { SecretPlace } from '../../model/secret-ref';
import type { BootstrapEnv, SettingName } from './env';

/** Settings of the agent. */
export type ZabbixSettings = Pick<BootstrapEnv, Extract<SettingName, `ZABBIX_${string}`>>;

/**
 * What every machine is told of the Zabbix that watches it; nothing without one. It holds no secret.
 * @param nameOfKey how the platform's store names the pre-shared key
 */
export function zabbixEnvironment(
  environment: Environment,
  siteName: string,
  nameOfKey: (place: SecretPlace) => string,
): ZabbixSettings {
  const { name, zabbix } = environment;
  const key = zabbixKeyOf(environment, siteName);
  if (zabbix === undefined || key === undefined) return {};
  const { server, version, repository } = zabbix;
  return {
    ZABBIX_SERVER: server.join(','),
    ZABBIX_PSK_PARAMETER: nameOfKey(key),
    ZABBIX_PSK_IDENTITY: zabbix.pskIdentity ?? `drover-${name}`,
    ...(version === undefined ? {} : { ZABBIX_VERSION: version }),
    ...(repository === undefined
      ? {}
      : {
          ZABBIX_REPOSITORY: repository.source,
          ZABBIX_KEY_URL: repository.keyUrl,
          ZABBIX_KEY_SHA256: repository.keySha256,
        }),
  };
}
