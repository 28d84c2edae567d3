import type { Attribute, Block, NestedBlock, NestedType, Schema } from '../../../rehearsal/schemas/provider-schema';

/** Where two schemas differ. */
export interface SchemaDifference {
  /** Names from the schema's block down, joined by dots. */
  readonly path: string;
  /**
   * `missing` in the extracted schema, `extra` in it; `form` (attribute, nested attribute or block), `type`, `flags`,
   * `nesting`, or the `count` of blocks.
   */
  readonly what: 'missing' | 'extra' | 'form' | 'type' | 'flags' | 'nesting' | 'count';
  readonly extracted: string;
  readonly truth: string;
}

type Member = { readonly attribute: Attribute } | { readonly nestedBlock: NestedBlock };

const FLAGS = ['required', 'optional', 'computed', 'write_only'] as const;

/**
 * Compares an extracted schema with the provider's own.
 * Left out, because bindings can't know them: sensitive flags, descriptions, and the version of the state's form.
 */
export function compareSchemas(extracted: Schema, truth: Schema): SchemaDifference[] {
  return compareBlocks(extracted.block, truth.block, '');
}

function compareBlocks(extracted: Block, truth: Block, prefix: string): SchemaDifference[] {
  const mine = membersOf(extracted);
  const theirs = membersOf(truth);
  return [...new Set([...theirs.keys(), ...mine.keys()])].sort().flatMap((name): SchemaDifference[] => {
    const path = `${prefix}${name}`;
    const [got, wanted] = [mine.get(name), theirs.get(name)];
    if (wanted === undefined) return [{ path, what: 'extra', extracted: formOf(got), truth: 'none' }];
    if (got === undefined) return [{ path, what: 'missing', extracted: 'none', truth: formOf(wanted) }];
    if ('attribute' in got && 'attribute' in wanted) return compareAttributes(got.attribute, wanted.attribute, path);
    if ('nestedBlock' in got && 'nestedBlock' in wanted)
      return compareNestedBlocks(got.nestedBlock, wanted.nestedBlock, path);
    return differ(path, 'form', formOf(got), formOf(wanted));
  });
}

function compareAttributes(extracted: Attribute, truth: Attribute, path: string): SchemaDifference[] {
  const flags = differ(path, 'flags', flagsOf(extracted), flagsOf(truth));
  if (extracted.nested_type !== undefined && truth.nested_type !== undefined) {
    return [...flags, ...compareNestedTypes(extracted.nested_type, truth.nested_type, path)];
  }
  const form = differ(path, 'form', formOf({ attribute: extracted }), formOf({ attribute: truth }));
  return [...flags, ...(form.length > 0 ? form : differ(path, 'type', typeText(extracted), typeText(truth)))];
}

function compareNestedTypes(extracted: NestedType, truth: NestedType, path: string): SchemaDifference[] {
  return [
    ...differ(path, 'nesting', extracted.nesting_mode, truth.nesting_mode),
    ...compareBlocks({ attributes: extracted.attributes }, { attributes: truth.attributes }, `${path}.`),
  ];
}

function compareNestedBlocks(extracted: NestedBlock, truth: NestedBlock, path: string): SchemaDifference[] {
  return [
    ...differ(path, 'nesting', extracted.nesting_mode, truth.nesting_mode),
    ...differ(path, 'count', countOf(extracted), countOf(truth)),
    ...compareBlocks(extracted.block, truth.block, `${path}.`),
  ];
}

function differ(path: string, what: SchemaDifference['what'], extracted: string, truth: string): SchemaDifference[] {
  return extracted === truth ? [] : [{ path, what, extracted, truth }];
}

function membersOf({ attributes = {}, block_types: blocks = {} }: Block): Map<string, Member> {
  return new Map<string, Member>([
    ...Object.entries(attributes).map(([name, attribute]): [string, Member] => [name, { attribute }]),
    ...Object.entries(blocks).map(([name, nestedBlock]): [string, Member] => [name, { nestedBlock }]),
  ]);
}

function formOf(member: Member | undefined): string {
  if (member === undefined) return 'none';
  if ('nestedBlock' in member) return 'block';
  return member.attribute.nested_type === undefined ? 'attribute' : 'nested attribute';
}

function flagsOf(attribute: Attribute): string {
  return FLAGS.filter((flag) => attribute[flag] === true).join(' ');
}

/** Members of an object type have no order. */
function typeText({ type }: Attribute): string {
  return JSON.stringify(type, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

function countOf({ min_items: min = 0, max_items: max }: NestedBlock): string {
  return `${min} to ${max ?? 'any'}`;
}
