import { z } from 'zod';
import { machineSpec } from './machine';

/** Control-plane and etcd machines: individually keyed, s1 to sN. */
export const serversSpec = z.strictObject({
  count: z
    .union([z.literal(1), z.literal(3), z.literal(5), z.literal(7)], { error: 'an odd number from 1 to 7: etcd needs a majority' })
    .default(3)
    .describe('Number of servers; odd, because etcd needs a majority'),
  machine: machineSpec,
  dataDiskGiB: z.int().min(20).max(16384).default(50).describe('Data disk in GiB: etcd, images, identity; survives the machine'),
  renew: z
    .record(z.string().regex(/^s[1-7]$/, 'a server: s1 to s7'), z.int().min(1))
    .default({})
    .describe('Raise the number of one server to replace it with the present image, type and bundle'),
  addresses: z
    .record(z.string().regex(/^s[1-7]$/, 'a server: s1 to s7'), z.ipv4('an IPv4 address'))
    .default({})
    .describe('Fixed private addresses, only where the derived ones collide'),
});
export type ServersSpec = z.output<typeof serversSpec>;
