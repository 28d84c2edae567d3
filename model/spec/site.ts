import { z } from 'zod';
import { dnsSpec } from './dns';
import { allowedCidrs } from './exposure';
import { sshSpec } from './ssh';
import { hostSpec } from './host';
import { awsRegion, azureLocation, cidr, hostname, slug, subscriptionId } from './scalars';
import { secretRefSpec } from '../secret-ref';
import { secretsSpec } from './secrets';
import { cloudMachines, metalMachines } from './site-machine';
import { snapshotsSpec } from './snapshots';

/** What a site may have instead of what its environment says, because it stands on another platform than others. */
const ownOfSite = {
  domain: hostname.optional().describe("Domain of the names of its clusters; default: the environment's"),
  dns: dnsSpec.optional().describe("Where these names are written; default: the environment's zone"),
  secrets: secretsSpec
    .optional()
    .describe(
      "Where secrets of its clusters lie; default: the environment's, where its platform has that kind, else its own",
    ),
  zabbixKey: secretRefSpec
    .optional()
    .describe('The pre-shared key for Zabbix, in the store of its platform; default: zabbix.pskSecret'),
};

/** What a site may have whose platform gives RKE2 no store that it could take snapshots to. */
const ownOfSiteWithoutS3 = {
  ...ownOfSite,
  snapshots: snapshotsSpec
    .optional()
    .describe(
      'A store of your own for snapshots of etcd of clusters with servers here; default: on Azure copies in a storage account, on metal the data disks alone',
    ),
};

/** An AWS region with one network of ours. */
const awsSiteSpec = z.strictObject({
  platform: z.literal('aws').describe('Amazon Web Services'),
  region: awsRegion.describe('AWS region'),
  zones: z
    .array(z.string().regex(/^[a-f]$/, 'must be the letter of an availability zone, a to f'))
    .min(3, 'must have at least 3 items: etcd keeps its majority through the loss of one')
    .max(6)
    .default(['a', 'b', 'c'])
    .describe('Letters of the availability zones'),
  cidr: cidr.describe('Network of the site, /16 to /18; split by Drover'),
  nat: z.enum(['single', 'perZone']).default('single').describe('One NAT gateway for the site, or one in each zone'),
  flowLogRetentionDays: z.literal([7, 14, 30, 90, 180, 365]).default(30).describe('Days that flow logs are kept'),
  machines: cloudMachines,
  ...ownOfSite,
});

/** An Azure location with one network of ours. */
const azureSiteSpec = z.strictObject({
  platform: z.literal('azure').describe('Microsoft Azure'),
  location: azureLocation.describe('Azure location; it must have availability zones'),
  zones: z
    .array(z.string().regex(/^[1-3]$/, 'must be the number of an availability zone, "1" to "3"'))
    .min(3, 'must have at least 3 items: etcd keeps its majority through the loss of one')
    .max(3)
    .default(['1', '2', '3'])
    .describe('Numbers of the availability zones'),
  cidr: cidr.describe('Network of the site, /16 to /18; split by Drover'),
  nat: z
    .enum(['single', 'perZone'])
    .default('single')
    .describe(
      'One NAT gateway for the site, or one for the servers of each zone; workers share that of the first zone',
    ),
  subscriptionId: subscriptionId.optional().describe("Subscription of the site; default: the deployer's own"),
  adminPublicKey: z
    .string()
    .regex(
      /^ssh-(rsa|ed25519) [A-Za-z0-9+/]{60,}={0,2}( [^\n]*)?$/,
      'must be a public key for SSH: "ssh-rsa ..." or "ssh-ed25519 ..."',
    )
    .describe('Key of the account "drover" that Azure demands of every Linux machine; people use it through "bastion"'),
  bastion: z
    .boolean()
    .default(false)
    .describe('Azure Bastion: SSH to every machine of the site, for whoever comes from management.allowedCidrs'),
  machines: cloudMachines,
  ...ownOfSiteWithoutS3,
});

/** A data centre with one network and machines that are there already. */
const metalSiteSpec = z.strictObject({
  platform: z.literal('metal').describe('Machines of your own, reached by SSH'),
  region: slug.describe('Name of the data centre'),
  cidr: cidr.describe('Network of the site, /16 to /28, in which all hosts and virtual addresses lie; it exists'),
  egressCidrs: allowedCidrs.describe('Networks from which its hosts reach the world: they are let into Rancher'),
  ssh: sshSpec.prefault({}).describe('How hosts are reached; keys come from the SSH agent of whoever deploys'),
  hosts: z
    .record(slug, hostSpec)
    .refine((hosts) => Object.keys(hosts).length > 0, 'must have at least one host')
    .describe('Machines, by name; the name is also that of the Kubernetes node'),
  machines: metalMachines,
  leaving: z
    .array(slug)
    .default([])
    .describe(
      'Hosts that are in no cluster any more: the next apply drains and cleans them, then they may be left out',
    ),
  ...ownOfSiteWithoutS3,
});

/** A place with one network. Other platforms join this union. */
export const siteSpec = z.discriminatedUnion('platform', [awsSiteSpec, azureSiteSpec, metalSiteSpec]);
export type SiteSpec = z.output<typeof siteSpec>;
export type AwsSiteSpec = z.output<typeof awsSiteSpec>;
export type AzureSiteSpec = z.output<typeof azureSiteSpec>;
export type MetalSiteSpec = z.output<typeof metalSiteSpec>;
/** A site whose machines and network Drover makes. */
export type CloudSiteSpec = AwsSiteSpec | AzureSiteSpec;
/** Name of a platform. */
export type PlatformName = SiteSpec['platform'];
