import type { Environment } from '../../model/environment';
import type { ZabbixSpec } from '../../model/spec/zabbix';
import type { BootstrapEnv, SettingName } from '../bootstrap/env';
import { keyOutsideParameters } from './machine-errors';
import type { Network } from './network';
import { parameterArn } from './parameter-arn';
import type { Statement } from './policy-document';

/** Settings of the agent. */
export type ZabbixSettings = Pick<BootstrapEnv, Extract<SettingName, `ZABBIX_${string}`>>;

/** What every machine is told of the Zabbix that watches it; nothing without one. It holds no secret. */
export function zabbixEnvironment({ name, zabbix }: Environment): ZabbixSettings {
  if (zabbix === undefined) return {};
  const { server, version, repository } = zabbix;
  return {
    ZABBIX_SERVER: server.join(','),
    ZABBIX_PSK_PARAMETER: keyParameter(zabbix),
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

/**
 * Read of the pre-shared key, and of nothing else. A key that the account's own KMS key encrypts needs no further right;
 * one that the site's key encrypts does.
 */
export function zabbixStatements({ zabbix }: Environment, network: Network): Statement[] {
  if (zabbix === undefined) return [];
  return [
    {
      Sid: 'ReadZabbixKey',
      Effect: 'Allow',
      Action: 'ssm:GetParameter',
      Resource: parameterArn(network, keyParameter(zabbix)),
    },
    {
      Sid: 'DecryptZabbixKey',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: network.kmsKeyArn,
      Condition: { StringEquals: { 'kms:ViaService': `ssm.${network.region}.amazonaws.com` } },
    },
  ];
}

function keyParameter({ pskSecret: { place } }: ZabbixSpec): string {
  if (place.kind !== 'ssm') throw keyOutsideParameters(place.kind);
  return place.path;
}
