import { z } from 'zod';
import { disk, slug, sshHostKey } from './scalars';

/** A machine that is there: installed, reachable by SSH, in no cluster. */
export const hostSpec = z.strictObject({
  address: z.ipv4('must be an IPv4 address').describe('Its fixed address in the network of the site'),
  hostKey: sshHostKey.describe(
    'Its public key, or that of the SSH certificate authority that signed it; a machine with another one is not trusted',
  ),
  rack: slug.optional().describe('Rack that it stands in: the zone by which Kubernetes spreads pods'),
  disks: z
    .strictObject({
      data: disk.optional().describe('etcd, images, identity; every server needs one'),
      brick: disk.optional().describe('Files of a cluster, which every storage node needs'),
    })
    .default({})
    .describe('Disks of its own for data; formatted only when they hold nothing'),
});
export type HostSpec = z.output<typeof hostSpec>;
