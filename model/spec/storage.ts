import { z } from 'zod';
import { machineSpec } from './machine';
import { slug, storageKey } from './scalars';

/** Three machines of a cloud: individually keyed, g1 to g3. */
const cloudGluster = z.strictObject({
  nodes: z
    .literal(3, 'must be 3: each keeps a copy in a zone of its own, and two of them are the majority that may write')
    .default(3)
    .describe('Number of storage nodes, each in a zone of its own'),
  machine: machineSpec.describe('What each storage node is made of'),
  brickGiB: z
    .int()
    .min(20)
    .max(16384)
    .describe('Disk of a storage node in GiB, and so what the file system holds; survives the machine, and only grows'),
  arbiter: z
    .boolean()
    .default(false)
    .describe(
      'Whether g3 keeps the names and versions of files alone, on a quarter of the disk; decided once, with the first deploy',
    ),
  renew: z
    .record(storageKey, z.int().min(1))
    .default({})
    .describe('Raise the number of one storage node to replace it with the present image, type and bundle'),
  addresses: z
    .record(storageKey, z.ipv4('must be an IPv4 address'))
    .default({})
    .describe('Fixed private addresses, only where the derived ones collide'),
  mountPoint: z
    .string()
    .regex(
      /^\/(mnt|srv)\/[a-z0-9][a-z0-9-]{0,62}$/,
      'must be a folder of /mnt or /srv such as /mnt/gluster: lower-case letters, digits and hyphens',
    )
    .default('/mnt/gluster')
    .describe('Folder in which each node of the cluster has it; volumes keep it, so that it stays'),
});

/** Hosts of a site on metal. */
const metalGluster = z.strictObject({
  hosts: z
    .array(slug)
    .length(3, 'must be 3 hosts: each keeps a copy, and two of them are the majority that may write')
    .describe(
      'On metal: three hosts of the site with a disk for a brick; decided with the first deploy, the last may be the arbiter',
    ),
  arbiter: z
    .boolean()
    .default(false)
    .describe('Whether the last host keeps the names and versions of files alone; decided once, with the first deploy'),
  mountPoint: cloudGluster.shape.mountPoint,
});

/** Three machines that keep the files of a cluster with GlusterFS. */
export const glusterSpec = z.union([cloudGluster, metalGluster]);
export type GlusterSpec = z.output<typeof glusterSpec>;
export type CloudGlusterSpec = z.output<typeof cloudGluster>;
export type MetalGlusterSpec = z.output<typeof metalGluster>;

/** The file system that all nodes of a cluster share. Other kinds join GlusterFS as further keys. */
export const storageSpec = z.strictObject({
  gluster: glusterSpec.describe('GlusterFS on three machines of its own, which are no nodes of the cluster'),
});
export type StorageSpec = z.output<typeof storageSpec>;
