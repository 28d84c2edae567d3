import { z } from 'zod';
import { awsRegion, cidr } from './scalars';

/** An AWS region with one network of ours. */
export const awsSiteSpec = z.strictObject({
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
});

/** A place with one network. Other platforms join this union. */
export const siteSpec = z.discriminatedUnion('platform', [awsSiteSpec]);
export type SiteSpec = z.output<typeof siteSpec>;
export type AwsSiteSpec = z.output<typeof awsSiteSpec>;
