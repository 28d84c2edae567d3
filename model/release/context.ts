import { z } from 'zod';
import { globalsOf, type Identity } from '../identity';

/** The parts of an identity, from the most to the least specific. */
const PARTS = ['cluster', 'region', 'env', 'cloud'] as const;

/** Where something applies: every part that is given must be equal. */
export const contextSpec = z
  .strictObject({
    cloud: z.string().min(1).optional(),
    env: z.string().min(1).optional(),
    region: z.string().min(1).optional(),
    cluster: z.string().min(1).optional(),
  })
  .refine(
    (when) => PARTS.some((part) => when[part] !== undefined),
    'must name at least one of cloud, env, region, cluster',
  );
export type Context = z.output<typeof contextSpec>;

/** Whether a context applies to a cluster. */
export function applies(when: Context, identity: Identity): boolean {
  const own = globalsOf(identity);
  return PARTS.every((part) => when[part] === undefined || when[part] === own[part]);
}

/**
 * How special a context is: a cluster says more than everything else together, then the region, the environment, the
 * cloud. Two contexts of the same parts are equally special.
 */
export function specificity(when: Context): number {
  return PARTS.reduce((sum, part, index) => sum + (when[part] === undefined ? 0 : 2 ** (PARTS.length - 1 - index)), 0);
}
