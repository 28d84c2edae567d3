import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const stateFile = z.looseObject({
  outputs: z.record(z.string(), z.unknown()).default({}),
  resources: z
    .array(z.looseObject({ mode: z.string(), type: z.string(), instances: z.array(z.unknown()).default([]) }))
    .default([]),
});

/** What a local state holds. */
export interface StateSummary {
  /** Number of resources Terraform keeps in it; data sources do not count. */
  readonly resources: number;
  readonly outputs: readonly string[];
}

/** Reads a state. One that Terraform has only opened yet is an empty file and holds nothing. */
export function readState(file: string): StateSummary {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (text.trim() === '') return { resources: 0, outputs: [] };
  const { outputs, resources } = stateFile.parse(JSON.parse(text));
  const managed = resources.filter((it) => it.mode === 'managed');
  return { resources: managed.reduce((sum, it) => sum + it.instances.length, 0), outputs: Object.keys(outputs) };
}

/** Whether a state holds nothing that a destroy would have to take away. */
export const isEmpty = (state: StateSummary): boolean => state.resources === 0 && state.outputs.length === 0;
