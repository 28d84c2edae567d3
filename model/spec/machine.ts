import { z } from 'zod';

/** An EC2 instance type. */
export const instanceType = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'must be an EC2 instance type such as m7i.large');

/** What one machine is made of. */
export const machineSpec = z.strictObject({
  instanceType: instanceType.describe('EC2 instance type'),
  image: z
    .string()
    .regex(
      /^(ami-[0-9a-f]{8,17}|\/aws\/service\/[\w./-]+)$/,
      'must be an image id (ami-...) or the path of a public image parameter (/aws/service/...)',
    )
    .refine(
      (path) => !path.includes('/current/'),
      'must be a pinned image: "/current/" moves and would renew machines unasked',
    )
    .describe('Image, pinned: an id, or a public SSM parameter path that holds a serial'),
  rootDiskGiB: z.int().min(20).max(16384).default(60).describe('Root disk in GiB, encrypted'),
});
export type MachineSpec = z.output<typeof machineSpec>;
