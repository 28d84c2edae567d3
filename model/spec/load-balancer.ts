import { z } from 'zod';
import { machineSpec } from './machine';
import { packageVersion } from './packages';
import { nginxKey, slug } from './scalars';

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

/** Hosts with NGINX that hold one virtual address among them by VRRP. */
export const keepalivedSpec = z.strictObject({
  kind: z.literal('keepalived').describe('Hosts with NGINX and one virtual address among them; on metal alone'),
  hosts: z
    .array(slug)
    .min(2)
    .max(3)
    .describe('Two or three hosts of the site that serve nothing else; the first one holds the address at the start'),
  virtualAddress: z.ipv4('must be an IPv4 address').describe('Address in the network of the site that no host has'),
  routerId: z
    .int()
    .min(1)
    .max(255)
    .default(51)
    .describe('VRRP router id, unique among the virtual addresses of a network'),
  version: packageVersion
    .optional()
    .describe("Version of the distribution's package of NGINX; default: the newest of its archive"),
});
export type KeepalivedSpec = z.output<typeof keepalivedSpec>;

/** What passes traffic on to the servers of the management cluster. */
export const loadBalancerSpec = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('platform').describe("The platform's own load balancer, straight to the servers"),
    }),
    nginxSpec,
    keepalivedSpec,
  ])
  .default({ kind: 'platform' });
