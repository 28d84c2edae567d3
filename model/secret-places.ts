import { z } from 'zod';
import type { Path } from './problem';
import { secretSchemas } from './secret-ref';

/**
 * Whether a reference to a secret may stand at a place, or anywhere below it. Whoever got that wrong may have written
 * the secret itself, so what stands there must not be repeated.
 */
export function mayHoldSecret(schema: z.core.$ZodType, path: Path): boolean {
  if (secretSchemas.has(schema)) return true;
  const [step, ...rest] = path;
  if (layersOf(schema).some((layer) => mayHoldSecret(layer, path))) return true;
  return step === undefined
    ? partsOf(schema).some((part) => mayHoldSecret(part, []))
    : partsOf(schema, step).some((part) => mayHoldSecret(part, rest));
}

/** Schemas of the very same value. */
function layersOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options;
  if (schema instanceof z.ZodPipe) return [schema.in];
  const isWrapper =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return isWrapper ? [schema.unwrap()] : [];
}

/** Schemas of the values inside a map or list: of one, or of all. */
function partsOf(schema: z.core.$ZodType, step?: string | number): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (!(schema instanceof z.ZodObject)) return [];
  const fields: readonly [string, z.core.$ZodType][] = Object.entries(schema.shape);
  return fields.filter(([name]) => step === undefined || name === step).map(([, field]) => field);
}
