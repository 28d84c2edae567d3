import { z } from 'zod';

const step = z.object({
  name: z.string(),
  started: z.string(),
  /** How long it took, and how much of that it waited for others and downloaded, in seconds. */
  seconds: z.number(),
  waited: z.number().default(0),
  downloaded: z.number().default(0),
  result: z.string(),
});
export type Step = z.output<typeof step>;

/** A machine as the lab tells of it; `bootstrap` is the report that the machine itself keeps. */
export const machineShape = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string().default(''),
  /** Name of its scaling group; empty for a server. */
  group: z.string().default(''),
  state: z.string(),
  lifecycle: z.string().default(''),
  /** Whether it stood in a data centre before anything was deployed. */
  isBare: z.boolean().default(false),
  launched: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  bootstrap: z
    .object({ started: z.string(), updated: z.string(), result: z.string(), steps: z.array(step) })
    .nullable()
    .default(null),
});
export type Machine = z.output<typeof machineShape>;
