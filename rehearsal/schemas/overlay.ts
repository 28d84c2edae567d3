import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { overlayPathUnknown } from './errors';
import type { Attribute, Block, NestedBlock, Schema } from './provider-schema';

const typeMarks = z.object({
  sensitive: z.array(z.string()).default([]),
  writeOnly: z.array(z.string()).default([]),
});
const behaviourFile = z.object({
  types: z.record(z.string(), typeMarks),
  dataSources: z.record(z.string(), typeMarks).default({}),
});

/** Paths of one type's attributes that have a flag which bindings don't know; dotted, without indexes. */
export type TypeMarks = z.infer<typeof typeMarks>;

/** Marks of a provider's resources and data sources by type. */
export type ProviderMarks = z.infer<typeof behaviourFile>;

type Mark = Pick<Attribute, 'sensitive' | 'write_only'>;

/**
 * Marks of a provider; none if nothing is written about it.
 * @param behaviourDir folder of the simulated provider's behaviour, one `<provider>.json` each
 */
export function readMarks(behaviourDir: string, provider: string): ProviderMarks {
  const file = path.join(behaviourDir, `${provider}.json`);
  if (!existsSync(file)) return { types: {}, dataSources: {} };
  return behaviourFile.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/**
 * The schema with its sensitive and write-only attributes marked. A path that goes on inside of an object type is
 * left out: such members have no flags, and the real provider leaves them unmarked, too.
 * @throws if a path leads nowhere
 */
export function overlaySchema(type: string, schema: Schema, marks: TypeMarks | undefined): Schema {
  const sensitive = (marks?.sensitive ?? []).map((dotted) => ({ dotted, mark: { sensitive: true } }));
  const writeOnly = (marks?.writeOnly ?? []).map((dotted) => ({ dotted, mark: { write_only: true } }));
  const block = [...sensitive, ...writeOnly].reduce((marked, { dotted, mark }) => {
    const next = markBlock(marked, dotted.split('.'), mark);
    if (next === undefined) throw overlayPathUnknown(type, dotted);
    return next;
  }, schema.block);
  return { ...schema, block };
}

function markBlock(block: Block, [name, ...rest]: readonly string[], mark: Mark): Block | undefined {
  if (name === undefined) return undefined;
  const attribute = block.attributes?.[name];
  if (attribute !== undefined) {
    const marked = markAttribute(attribute, rest, mark);
    return marked && { ...block, attributes: { ...block.attributes, [name]: marked } };
  }
  const nested = block.block_types?.[name];
  const marked = nested && markNestedBlock(nested, rest, mark);
  return marked && { ...block, block_types: { ...block.block_types, [name]: marked } };
}

function markNestedBlock(nested: NestedBlock, rest: readonly string[], mark: Mark): NestedBlock | undefined {
  const block = markBlock(nested.block, rest, mark);
  return block && { ...nested, block };
}

function markAttribute(attribute: Attribute, rest: readonly string[], mark: Mark): Attribute | undefined {
  if (rest.length === 0) return { ...attribute, ...mark };
  const nested = attribute.nested_type;
  if (nested === undefined) return attribute;
  const marked = markBlock({ attributes: nested.attributes }, rest, mark);
  return marked?.attributes && { ...attribute, nested_type: { ...nested, attributes: marked.attributes } };
}
