import { z } from 'zod';

/** Platform services of a cluster; each is on unless said otherwise. */
export const servicesSpec = z.strictObject({
  ingress: z.strictObject({ enabled: z.boolean().default(true) }).prefault({}),
  monitoring: z
    .strictObject({
      enabled: z.boolean().default(true),
      retentionDays: z.int().min(1).max(365).default(10).describe('Days that Prometheus keeps samples'),
      storageGiB: z.int().min(5).default(50).describe('Volume of Prometheus in GiB'),
      passwordVersion: z.int().min(1).default(1).describe('Raise to make a new Grafana admin password'),
    })
    .prefault({}),
});
export type ServicesSpec = z.output<typeof servicesSpec>;
