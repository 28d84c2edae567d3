import type { AttributeType, CollectionKind } from './provider-schema';
import type { DeclaredAttribute, MappedValue, ScannedBinding } from './scanned-binding';

/** A value's form: a finished type, or a struct within collections, the outermost first. */
export type ValueShape =
  { readonly type: AttributeType } | { readonly struct: string; readonly collections: readonly CollectionKind[] };

const PRIMITIVES: Readonly<Record<string, AttributeType>> = {
  string: 'string',
  number: 'number',
  boolean: 'bool',
  any: 'dynamic',
};

const PRIMITIVE_MAPPER = /^cdktf\.(string|number|boolean|any)ToHclTerraform$/;
const LIST_MAPPER = /^cdktf\.listMapperHcl\((.*), (?:true|false)\)$/;
const MAP_MAPPER = /^cdktf\.hashMapperHcl\((.*)\)$/;
const STRUCT_MAPPER = /^(\w+)ToHclTerraform$/;

const OUTPUT_REFERENCE = /^(\w+)OutputReference$/;
const TO_LIST = /\btolist\(/;
const PRIMITIVE_GETTER = /this\.get(String|Number|Boolean|Any)(Map)?Attribute\(/;
const STRING_LIST_GETTER = /this\.getListAttribute\(/;
const NUMBER_LIST_GETTER = /this\.getNumberListAttribute\(/;
const SKIPPED_GETTER = /^this\.interpolationForAttribute\(/;
const STORED_WORDS = /String|Number|Boolean|Any|List|Map/g;

/**
 * Form of a value that a program may write, by its mapper.
 * Whether an inner collection is a list or a set is not in the bindings: it becomes a list, which takes the same JSON.
 * @returns undefined if the mapper is of no known form
 */
export function mappedShape({ mapper, kind }: Pick<MappedValue, 'mapper' | 'kind'>): ValueShape | undefined {
  const [, primitive] = PRIMITIVE_MAPPER.exec(mapper) ?? [];
  if (primitive !== undefined) return primitiveShape(primitive);
  const [, member] = LIST_MAPPER.exec(mapper) ?? [];
  if (member !== undefined)
    return within(kind === 'set' ? 'set' : 'list', mappedShape({ mapper: member, kind: 'list' }));
  const [, value] = MAP_MAPPER.exec(mapper) ?? [];
  if (value !== undefined) return within('map', mappedShape({ mapper: value, kind: 'list' }));
  const [, struct] = STRUCT_MAPPER.exec(mapper) ?? [];
  return struct === undefined ? undefined : { struct: upperFirst(struct), collections: [] };
}

/**
 * Form of a value that can only be read, by its field or its getter.
 * @returns undefined if neither is of a known form
 */
export function readShape(declared: DeclaredAttribute, binding: ScannedBinding): ValueShape | undefined {
  const { storedClass, wrapsSet = false, getter } = declared;
  if (storedClass !== undefined) return storedShape(storedClass, wrapsSet, binding);
  return getter === undefined ? undefined : getterShape(getter);
}

function within(collection: CollectionKind, inner: ValueShape | undefined): ValueShape | undefined {
  if (inner === undefined) return undefined;
  if ('struct' in inner) return { struct: inner.struct, collections: [collection, ...inner.collections] };
  // The generator writes a value of any type as a map of anything.
  if (collection === 'map' && inner.type === 'dynamic') return inner;
  return { type: [collection, inner.type] };
}

function storedShape(name: string, wrapsSet: boolean, binding: ScannedBinding): ValueShape | undefined {
  if (name.startsWith('cdktf.')) return storedPrimitives(name, wrapsSet);
  const [, struct] = OUTPUT_REFERENCE.exec(name) ?? [];
  if (struct !== undefined) return { struct, collections: [] };
  const stored = binding.classes.get(name);
  if (stored?.member === undefined) return undefined;
  const collection = stored.base === 'ComplexMap' ? 'map' : wrapsSet ? 'set' : 'list';
  return within(collection, storedShape(stored.member, stored.membersAreSets === true, binding));
}

/** Reads names such as `cdktf.StringListMap`: the member's type first, the outermost collection last. */
function storedPrimitives(name: string, wrapsSet: boolean): ValueShape | undefined {
  const [primitive, ...collections] = name.slice('cdktf.'.length).match(STORED_WORDS) ?? [];
  const last = collections.length - 1;
  return collections.reduce<ValueShape | undefined>(
    (shape, word, index) => within(word === 'Map' ? 'map' : index === last && wrapsSet ? 'set' : 'list', shape),
    primitiveShape(primitive?.toLowerCase() ?? ''),
  );
}

function getterShape(getter: string): ValueShape | undefined {
  const [, primitive, map] = PRIMITIVE_GETTER.exec(getter) ?? [];
  if (primitive !== undefined) {
    const shape = primitiveShape(primitive.toLowerCase());
    return map === undefined ? shape : within('map', shape);
  }
  const list = TO_LIST.test(getter) ? 'set' : 'list';
  if (STRING_LIST_GETTER.test(getter)) return { type: [list, 'string'] };
  if (NUMBER_LIST_GETTER.test(getter)) return { type: [list, 'number'] };
  // The generator leaves out the trees of a few very large attributes (its skipped-attributes list).
  return SKIPPED_GETTER.test(getter) ? { type: 'dynamic' } : undefined;
}

function primitiveShape(name: string): ValueShape | undefined {
  const type = PRIMITIVES[name];
  return type === undefined ? undefined : { type };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
