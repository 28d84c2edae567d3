import { z } from 'zod';
import { environmentSpec } from './spec/environment';

/** A JSON Schema with the one extension that editors of YAML know. */
export interface JsonSchema extends z.core.JSONSchema.BaseSchema {
  /** Shown by editors in place of the bare pattern. */
  patternErrorMessage?: string;
}

/** Fits no pattern of ours. */
const MISFIT = '\0';

/**
 * JSON Schema (draft 7, the newest that the common YAML editors know) of what a person writes in an environment.
 * Rules between fields are not in it: those are checked by `drover validate` and by every synth.
 */
export function environmentJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(environmentSpec, { target: 'draft-7', io: 'input', override: forEditors });
  return { title: 'Drover environment', description: 'What a platform team says about one environment', ...schema };
}

function forEditors({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: JsonSchema }): void {
  if (jsonSchema.pattern !== undefined) {
    const message = z.safeParse(zodSchema, MISFIT).error?.issues[0]?.message;
    if (message !== undefined) jsonSchema.patternErrorMessage = message;
    // Formats like cidrv4 are zod's own; the pattern says the same.
    delete jsonSchema.format;
  }
  // Bounds of safe integers say nothing to a person.
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
