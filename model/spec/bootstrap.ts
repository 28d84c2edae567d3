import { z } from 'zod';

/** Scripts of one moment, in the order in which they run. */
const hooks = z
  .array(
    z
      .string()
      .regex(
        /^(\w[\w.-]*\/)*\w[\w.-]*\.sh$/,
        'must be the path of a script in this repository that ends in .sh, such as environments/hooks/ca.sh',
      ),
  )
  .max(20)
  .default([]);

/** Scripts before and after Drover's own steps. */
export const hooksSpec = z
  .strictObject({
    before: hooks.describe('Scripts before the steps; one that fails ends the bootstrap'),
    after: hooks.describe('Scripts after the steps; one that fails ends the bootstrap'),
  })
  .prefault({});
export type HooksSpec = z.output<typeof hooksSpec>;

/** What machines do at first boot besides Drover's own steps. */
export const bootstrapSpec = z.strictObject({
  hooks: hooksSpec.describe('Scripts of yours that every machine runs with bash as root, in the order given'),
});
export type BootstrapSpec = z.output<typeof bootstrapSpec>;
