import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Attribute, AttributeType, Block, Schema } from '../../../rehearsal/schemas/provider-schema';
import { projectRoot } from './project';

/** Where the providers' own schemas lie, if they do: they are too large to be kept in this repository. */
export const factsDir = path.resolve(projectRoot, '..', 'shared', 'facts', 'schemas');

/** `describe` if the facts are there; else the tests are skipped, and their title says why. */
export function describeWithFacts(title: string, tests: () => void): void {
  if (existsSync(factsDir)) describe(title, tests);
  else describe.skip(`${title} (skipped: no provider schemas in ../shared/facts)`, tests);
}

const attributeType: z.ZodType<AttributeType> = z.lazy(() =>
  z.union([
    z.enum(['string', 'number', 'bool', 'dynamic']),
    z.tuple([z.enum(['list', 'set', 'map']), attributeType]),
    z.tuple([z.literal('object'), z.record(z.string(), attributeType)]),
  ]),
);
const flag = z.exactOptional(z.boolean());
const count = z.exactOptional(z.number());
const nesting = z.enum(['single', 'list', 'set', 'map']);
const attribute: z.ZodType<Attribute> = z.lazy(() =>
  z.object({
    type: z.exactOptional(attributeType),
    nested_type: z.exactOptional(z.object({ nesting_mode: nesting, attributes: z.record(z.string(), attribute) })),
    required: flag,
    optional: flag,
    computed: flag,
    sensitive: flag,
    write_only: flag,
  }),
);
const block: z.ZodType<Block> = z.lazy(() =>
  z.object({
    attributes: z.exactOptional(z.record(z.string(), attribute)),
    block_types: z.exactOptional(
      z.record(z.string(), z.object({ nesting_mode: nesting, block, min_items: count, max_items: count })),
    ),
  }),
);
const schema: z.ZodType<Schema> = z.object({ version: z.number(), block });
const schemas = z.record(z.string(), schema);
const providerFacts = z.object({
  provider: schema,
  resource_schemas: schemas,
  data_source_schemas: schemas,
  ephemeral_resource_schemas: schemas.default({}),
});

/** A provider's schemas as `terraform providers schema -json` prints them. */
export type ProviderFacts = z.infer<typeof providerFacts>;

/** Reads what is known of one provider, from the facts or from a file given. */
export function readFacts(address: string, file: string): ProviderFacts {
  const document = z.object({ provider_schemas: z.record(z.string(), z.unknown()) });
  const { provider_schemas: found } = document.parse(JSON.parse(readFileSync(file, 'utf8')));
  return providerFacts.parse(found[`registry.terraform.io/${address}`]);
}
