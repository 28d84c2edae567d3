import { z } from 'zod';

/**
 * Keys that a map does not take although a similar map does, each with what a person has to know. Without it they would
 * only read that the key is unknown.
 */
export const refusedKeys = z.registry<{ readonly refused: Readonly<Record<string, string>> }>();

/** Why a map does not take a key; none for a key that is unknown everywhere. */
export function whyRefused(schema: z.core.$ZodType): Readonly<Record<string, string>> {
  return refusedKeys.get(schema)?.refused ?? {};
}
