import { z } from 'zod';
import { allowedCidrs, exposure } from './exposure';
import { loadBalancerSpec } from './load-balancer';
import { cron, hostname, rke2Version, slug } from './scalars';
import { serversSpec } from './servers';

/** Where Rancher's certificate comes from. */
const tls = z.discriminatedUnion('source', [
  z.strictObject({ source: z.literal('rancher').describe('A private CA that Rancher makes') }),
  z.strictObject({
    source: z.literal('letsEncrypt').describe('A public certificate; needs 80/443 open to the world'),
    email: z.email('must be an e-mail address').describe("Where Let's Encrypt writes before a certificate ends"),
  }),
]);

/** The cluster that runs Rancher. */
export const managementSpec = z.strictObject({
  site: slug.describe('The site it stands in'),
  hostname: hostname.describe('Name under which people, agents and machines reach Rancher'),
  rancherVersion: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'must be a Rancher version without "v" such as 2.14.4')
    .optional()
    .describe('Rancher version without "v"; default: the pinned one'),
  kubernetesVersion: rke2Version.optional().describe('RKE2 version; default: the pinned one'),
  servers: serversSpec.describe('Machines that run the control plane, etcd and Rancher'),
  loadBalancer: loadBalancerSpec.describe('What passes traffic on to the servers'),
  exposure: exposure.describe('Whether 80/443 have public addresses'),
  allowedCidrs: allowedCidrs.describe('Networks of people and pipelines that may use 443; sites are added'),
  access: z
    .strictObject({
      endpoint: z
        .string()
        .regex(/^https:\/\/[\w.-]+:\d+$/, 'must be https://host:port')
        .optional()
        .describe('Kubernetes API, for a deployer without a route to the site, such as the end of a port forward'),
    })
    .default({})
    .describe('How the deployer reaches the cluster'),
  tls: tls.default({ source: 'rancher' }).describe('Where the certificate of Rancher comes from'),
  backup: z
    .strictObject({
      cron: cron.default('0 */6 * * *').describe('When etcd snapshots are taken, UTC'),
      retention: z.int().min(1).default(28).describe('etcd snapshots kept by RKE2'),
      retentionDays: z
        .int()
        .min(7)
        .default(35)
        .describe(
          'Days that deleted snapshots stay recoverable in the bucket; on Azure also days that copies are kept',
        ),
    })
    .prefault({})
    .describe('Snapshots of etcd, off the machines'),
  audit: z
    .strictObject({
      level: z
        .literal([0, 1, 2, 3])
        .default(1)
        .describe('What the audit log holds: 0 metadata, 1 headers too, 2 request bodies too, 3 response bodies too'),
    })
    .prefault({})
    .describe('Audit log of Rancher'),
  tokenVersion: z
    .int()
    .min(1)
    .default(1)
    .describe('Raise to rotate the deploy token of Rancher (it lives at most 90 days)'),
  joinSecretVersion: z
    .int()
    .min(1)
    .default(1)
    .describe('Version of the join secret; a rotation needs the runbook in docs/operations.md'),
});
export type ManagementSpec = z.output<typeof managementSpec>;
