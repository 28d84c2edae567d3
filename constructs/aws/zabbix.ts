import type { Environment } from '../../model/environment';
import { zabbixKeyOf } from '../../model/lookup';
import type { SecretPlace } from '../../model/secret-ref';
import { keyOutsideStore, type SecretReading } from '../platform/errors';
import type { Network } from './network';
import { parameterArn } from './parameter-arn';
import type { Statement } from './policy-document';

const READING: SecretReading = { readers: 'machines of AWS', kind: 'ssm', form: 'ssm:/path' };

/**
 * Read of the pre-shared key, and of nothing else. A key that the account's own KMS key encrypts needs no further right;
 * one that the site's key encrypts does.
 */
export function zabbixStatements(environment: Environment, network: Network): Statement[] {
  const key = zabbixKeyOf(environment, network.siteName);
  if (key === undefined) return [];
  return [
    {
      Sid: 'ReadZabbixKey',
      Effect: 'Allow',
      Action: 'ssm:GetParameter',
      Resource: parameterArn(network, zabbixKey(key)),
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

/** Parameter of the pre-shared key. */
export function zabbixKey(place: SecretPlace): string {
  if (place.kind !== 'ssm') throw keyOutsideStore('zabbix.pskSecret', place.kind, READING);
  return place.path;
}
