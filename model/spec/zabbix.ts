import { z } from 'zod';
import { secretRefSpec } from '../secret-ref';
import { packageRepository, packageVersion } from './packages';

/** The Zabbix that watches every machine. Its agents register themselves and speak with a pre-shared key only. */
export const zabbixSpec = z.strictObject({
  server: z
    .array(z.ipv4('must be an IPv4 address'))
    .min(1)
    .max(10)
    .describe('Addresses of servers and proxies: they alone reach the agents (10050) and are told by them (10051)'),
  pskSecret: secretRefSpec.describe(
    'The pre-shared key, 32 to 512 hexadecimal digits: an SSM parameter (ssm:/path) in each region that has machines, ' +
      'or a secret (keyvault:name) of the vault of each site, or a key of one in Vault (vault:mount/path#key)',
  ),
  pskIdentity: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, 'must be at most 128 letters, digits, "-", "_" and "."')
    .optional()
    .describe('Name of the key at the server; default: drover-<environment>'),
  version: packageVersion.optional().describe('Version of the package; default: the newest of its source'),
  repository: packageRepository.optional().describe("Where the agent comes from; default: the distribution's own"),
});
export type ZabbixSpec = z.output<typeof zabbixSpec>;
