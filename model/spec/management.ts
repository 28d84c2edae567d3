import { z } from 'zod';
import { cidr, cron, hostname, slug } from './scalars';
import { serversSpec } from './servers';

/** Where Rancher's certificate comes from. */
const tls = z.discriminatedUnion('source', [
  z.strictObject({ source: z.literal('rancher').describe('a private CA that Rancher makes') }),
  z.strictObject({ source: z.literal('letsEncrypt'), email: z.email() }),
]);

/** The cluster that runs Rancher. */
export const managementSpec = z.strictObject({
  site: slug.describe('The site it stands in'),
  hostname: hostname.describe('Name under which people, agents and machines reach Rancher'),
  rancherVersion: z.string().optional().describe('Rancher version without "v"; default: the pinned one'),
  kubernetesVersion: z.string().optional().describe('RKE2 version such as v1.35.7+rke2r1; default: the pinned one'),
  servers: serversSpec,
  exposure: z.enum(['internal', 'public']).default('internal').describe('Whether 80/443 have public addresses'),
  allowedCidrs: z.array(cidr).default([]).describe('Networks of people and pipelines that may use 443; sites are added'),
  access: z
    .strictObject({ endpoint: z.string().regex(/^https:\/\/[\w.-]+:\d+$/, 'https://host:port').optional() })
    .default({})
    .describe('endpoint: where the deployer reaches the Kubernetes API when it has no route to the site (port forward)'),
  tls: tls.default({ source: 'rancher' }),
  backup: z
    .strictObject({
      cron: cron.default('0 */6 * * *'),
      retention: z.int().min(1).default(28).describe('etcd snapshots kept by RKE2'),
      retentionDays: z.int().min(7).default(35).describe('Days that deleted snapshots stay recoverable in the bucket'),
    })
    .prefault({}),
  audit: z
    .strictObject({ level: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).default(1) })
    .prefault({}),
  tokenVersion: z.int().min(1).default(1).describe('Raise to rotate the deploy token of Rancher (it lives at most 90 days)'),
  joinSecretVersion: z.int().min(1).default(1).describe('Version of the join secret; a rotation needs the runbook'),
});
export type ManagementSpec = z.output<typeof managementSpec>;
