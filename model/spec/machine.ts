import { z } from 'zod';

/** What the platform calls the size of a machine: one word for all platforms; which of them it fits is a rule. */
export const instanceType = z
  .string()
  .regex(
    /^([a-z][a-z0-9-]*\.[a-z0-9-]+|Standard_[A-Z][A-Za-z0-9_-]*)$/,
    'must be an instance type such as m7i.large (AWS) or Standard_D4s_v5 (Azure)',
  );

/** What one machine is made of. */
export const machineSpec = z.strictObject({
  instanceType: instanceType.describe('EC2 instance type, or size of an Azure machine'),
  image: z
    .string()
    .regex(
      /^(ami-[0-9a-f]{8,17}|\/aws\/service\/[\w./-]+|[\w.-]+(:[\w.-]+){3}|\/subscriptions\/[\w./-]+)$/,
      'must be an image id (ami-...) or the path of a public image parameter (/aws/service/...) on AWS, ' +
        'publisher:offer:sku:version or an image id (/subscriptions/...) on Azure',
    )
    .refine(
      (image) => !image.includes('/current/') && !/[:/]latest$/.test(image),
      'must be a pinned image: "/current/" and "latest" move and would renew machines unasked',
    )
    .describe(
      'Image, pinned: an id, a public SSM parameter path that holds a serial, or a version of a marketplace image',
    ),
  rootDiskGiB: z.int().min(20).max(16384).default(60).describe('Root disk in GiB, encrypted'),
});
export type MachineSpec = z.output<typeof machineSpec>;
