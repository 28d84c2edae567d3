import { z } from 'zod';

/** What `terraform show -json <plan>` says of one resource, as far as a review looks at it. Unknown keys are ignored. */
const resourceChange = z.object({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  action_reason: z.string().optional(),
  change: z.object({
    actions: z.array(z.enum(['no-op', 'create', 'read', 'update', 'delete', 'forget'])),
    before: z.unknown(),
    after: z.unknown(),
    after_unknown: z.unknown(),
    before_sensitive: z.unknown(),
    after_sensitive: z.unknown(),
    replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).default([]),
  }),
});

const outputChange = z.object({ actions: z.array(z.string()) });

/** https://developer.hashicorp.com/terraform/internals/json-format#plan-representation */
export const planJson = z.object({
  format_version: z.string(),
  resource_changes: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), outputChange).default({}),
});

export type ResourceChange = z.output<typeof resourceChange>;
export type PlanJson = z.output<typeof planJson>;
