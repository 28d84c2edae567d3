import { z } from 'zod';

/** Platform services of a cluster; each is on unless said otherwise. */
export const servicesSpec = z.strictObject({
  ingress: z
    .strictObject({ enabled: z.boolean().default(true).describe('Whether the cluster has it') })
    .prefault({})
    .describe('HAProxy on the ingress groups'),
  monitoring: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Whether the cluster has it'),
      retentionDays: z.int().min(1).max(365).default(10).describe('Days that Prometheus keeps samples'),
      storageGiB: z.int().min(5).default(50).describe('Volume of Prometheus in GiB'),
      passwordVersion: z.int().min(1).default(1).describe('Raise to make a new Grafana admin password'),
    })
    .prefault({})
    .describe('Prometheus, Alertmanager and Grafana'),
});
export type ServicesSpec = z.output<typeof servicesSpec>;
