import { z } from 'zod';
import { dockerSpec } from './docker';
import { machineSpec } from './machine';
import { serverKey, slug } from './scalars';

/** Machines of a cloud: individually keyed, s1 to sN. */
const cloudServers = z.strictObject({
  count: z
    .literal([1, 3, 5, 7], 'must be an odd number from 1 to 7: etcd needs a majority')
    .default(3)
    .describe('Number of servers; odd, because etcd needs a majority'),
  machine: machineSpec.describe('What each server is made of'),
  dataDiskGiB: z
    .int()
    .min(20)
    .max(16384)
    .default(50)
    .describe('Data disk in GiB: etcd, images, identity; survives the machine'),
  renew: z
    .record(serverKey, z.int().min(1))
    .default({})
    .describe('Raise the number of one server to replace it with the present image, type and bundle'),
  addresses: z
    .record(serverKey, z.ipv4('must be an IPv4 address'))
    .default({})
    .describe('Fixed private addresses, only where the derived ones collide'),
  docker: dockerSpec.optional().describe('Docker beside the cluster; default: none'),
  kubectl: z
    .boolean()
    .default(false)
    .describe("Whether people and pipelines find kubectl there, in the cluster's own version"),
});

/** Hosts of a site on metal. */
const metalServers = z.strictObject({
  hosts: z
    .array(slug)
    .min(1)
    .max(7)
    .describe('On metal: hosts of the site, an odd number; the first is the one that may begin the cluster'),
  docker: cloudServers.shape.docker,
  kubectl: cloudServers.shape.kubectl,
});

/** Control-plane and etcd machines. */
export const serversSpec = z.union([cloudServers, metalServers]);
export type ServersSpec = z.output<typeof serversSpec>;
export type CloudServersSpec = z.output<typeof cloudServers>;
export type MetalServersSpec = z.output<typeof metalServers>;
