import { z } from 'zod';
import { hostname, resourceGroup } from './scalars';

/** Where names are written. */
export const dnsSpec = z.strictObject({
  zone: hostname.describe('Existing zone that holds the domain'),
  public: z.boolean().default(true).describe('Whether it is a public zone'),
  manual: z
    .boolean()
    .default(false)
    .describe('Whether people write the names, from the output "names": on metal Drover writes no records'),
  resourceGroup: resourceGroup.optional().describe('Resource group of an Azure DNS zone; default: a Route 53 zone'),
});
export type DnsSpec = z.output<typeof dnsSpec>;
