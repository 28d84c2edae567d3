import { z } from 'zod';
import { machineSpec } from './machine';
import { packageVersion } from './packages';
import { nginxKey } from './scalars';

/** Machines with NGINX between the platform's load balancer and Rancher's servers: individually keyed, n1 to nN. */
const nginxSpec = z.strictObject({
  kind: z.literal('nginx').describe("Machines with NGINX behind the platform's load balancer; on AWS alone"),
  count: z
    .literal(
      [2, 3],
      'must be 2 or 3: each stands in a zone of its own, and one alone would be none while it is renewed',
    )
    .default(2)
    .describe('Number of machines, each in a zone of its own'),
  machine: machineSpec.describe('What each machine is made of'),
  version: packageVersion
    .optional()
    .describe("Version of the distribution's package; default: the newest of its archive, which has the repairs"),
  renew: z
    .record(nginxKey, z.int().min(1))
    .default({})
    .describe('Raise the number of one machine to replace it with the present image, type and bundle'),
});
export type NginxSpec = z.output<typeof nginxSpec>;

/** What passes 80 and 443 on to the servers of the management cluster. */
export const loadBalancerSpec = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('platform').describe("The platform's own load balancer, straight to the servers"),
    }),
    nginxSpec,
  ])
  .default({ kind: 'platform' });
