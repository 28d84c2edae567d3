import { z } from 'zod';

/** What one machine is made of. */
export const machineSpec = z.strictObject({
  instanceType: z
    .string()
    .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'an EC2 instance type such as m7i.large')
    .describe('EC2 instance type'),
  image: z
    .string()
    .regex(
      /^(ami-[0-9a-f]{8,17}|\/aws\/service\/[\w./-]+)$/,
      'an image id (ami-...) or the path of a public image parameter (/aws/service/...)',
    )
    .refine((path) => !path.includes('/current/'), 'a pinned image: "/current/" moves and would renew machines unasked')
    .describe('Image, pinned: an id, or a public SSM parameter path that holds a serial'),
  rootDiskGiB: z.int().min(20).max(16384).default(60).describe('Root disk in GiB, encrypted'),
});
export type MachineSpec = z.output<typeof machineSpec>;
