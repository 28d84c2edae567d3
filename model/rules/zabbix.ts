import { notAllowed } from '../problem';
import type { Rule } from './rule';

export const zabbixKeyInParameter: Rule = {
  id: 'zabbix-key-in-parameter',
  check: ({ zabbix }) =>
    zabbix === undefined || zabbix.pskSecret.kind === 'ssm'
      ? []
      : [
          notAllowed(
            ['zabbix', 'pskSecret'],
            zabbix.pskSecret,
            'must be an SSM parameter (ssm:/path): machines read it by their own identity',
          ),
        ],
};
