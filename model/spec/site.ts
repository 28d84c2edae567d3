import { z } from 'zod';
import { cidr } from './scalars';

/** An AWS region with one network of ours. */
export const awsSiteSpec = z.strictObject({
  platform: z.literal('aws'),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as eu-west-1'),
  zones: z
    .array(z.string().regex(/^[a-f]$/, 'the letter of an availability zone, a to f'))
    .min(3, 'at least three zones: etcd keeps its majority through the loss of one')
    .max(6)
    .default(['a', 'b', 'c'])
    .describe('Letters of the availability zones'),
  cidr: cidr.describe('Network of the site, /16 to /18; split by Drover'),
  nat: z.enum(['single', 'perZone']).default('single').describe('One NAT gateway for the site, or one in each zone'),
  flowLogRetentionDays: z
    .union([z.literal(7), z.literal(14), z.literal(30), z.literal(90), z.literal(180), z.literal(365)])
    .default(30)
    .describe('Days that flow logs are kept'),
});

/** A place with one network. Other platforms join this union. */
export const siteSpec = z.discriminatedUnion('platform', [awsSiteSpec], { error: 'one of the platforms: aws' });
export type SiteSpec = z.output<typeof siteSpec>;
export type AwsSiteSpec = z.output<typeof awsSiteSpec>;
