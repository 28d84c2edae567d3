import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const stateFile = z.looseObject({
  outputs: z.record(z.string(), z.unknown()).default({}),
  resources: z
    .array(
      z.looseObject({
        mode: z.string(),
        type: z.string(),
        name: z.string(),
        instances: z.array(z.looseObject({ attributes: z.looseObject({}).nullish() })).default([]),
      }),
    )
    .default([]),
});

const tagged = z.looseObject({ tags: z.record(z.string(), z.string()) });

/** What a local state holds. */
export interface StateSummary {
  /** Number of resources Terraform keeps in it; data sources do not count. */
  readonly resources: number;
  /** The same by provider; Terraform's own are `terraform`. */
  readonly byProvider: Readonly<Record<string, number>>;
  readonly outputs: readonly string[];
}

/** Reads a state. One that Terraform has only opened yet is an empty file and holds nothing. */
export function readState(file: string): StateSummary {
  const { outputs, resources } = parse(file);
  const managed = resources.filter((it) => it.mode === 'managed');
  const byProvider: Record<string, number> = {};
  for (const { type, instances } of managed) {
    const [provider = type] = type.split('_');
    byProvider[provider] = (byProvider[provider] ?? 0) + instances.length;
  }
  return {
    resources: managed.reduce((sum, it) => sum + it.instances.length, 0),
    byProvider,
    outputs: Object.keys(outputs),
  };
}

/** The tags of what a state keeps, by address. */
export function tagsInState(file: string): Map<string, Record<string, string>> {
  const resources = parse(file).resources.filter((it) => it.mode === 'managed');
  return new Map(
    resources.flatMap(({ type, name, instances: [only] }) => {
      const found = tagged.safeParse(only?.attributes);
      return found.success ? [[`${type}.${name}`, found.data.tags] as const] : [];
    }),
  );
}

/** Addresses of what a state keeps, none of them counted. */
export const addressesIn = (file: string): string[] =>
  parse(file)
    .resources.filter((it) => it.mode === 'managed')
    .map(({ type, name }) => `${type}.${name}`);

/** Types of what all states of a folder keep. */
export function typesIn(folder: string): Set<string> {
  const files = existsSync(folder) ? readdirSync(folder).filter((it) => it.endsWith('.tfstate')) : [];
  return new Set(files.flatMap((file) => addressesIn(path.join(folder, file)).map((it) => it.split('.')[0] ?? it)));
}

function parse(file: string): z.output<typeof stateFile> {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return stateFile.parse(text.trim() === '' ? {} : JSON.parse(text));
}

/** Whether a state holds nothing that a destroy would have to take away. */
export const isEmpty = (state: StateSummary): boolean => state.resources === 0 && state.outputs.length === 0;
