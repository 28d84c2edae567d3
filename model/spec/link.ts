import { z } from 'zod';
import { slug } from './scalars';

/** A route between two sites, there before Drover is. */
export const linkSpec = z.strictObject({
  sites: z
    .array(slug)
    .min(2)
    .max(2)
    .describe('The two sites; machines of each reach those of the other by their own addresses'),
  kind: z
    .enum(['vpn', 'peering', 'direct'])
    .default('vpn')
    .describe('What carries it, made outside of Drover: a tunnel, a peering of networks, a line'),
  clusters: z
    .array(slug)
    .min(1)
    .optional()
    .describe('Members that have node groups at the other end, or had and are to be rid of them; default: all members'),
});
export type LinkSpec = z.output<typeof linkSpec>;
