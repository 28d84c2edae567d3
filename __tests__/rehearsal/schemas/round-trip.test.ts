import { compareSchemas } from './compare';
import { extractSchema } from '../../../rehearsal/schemas/extract';
import type { Attribute, AttributeType, Block, NestedBlock, Schema } from '../../../rehearsal/schemas/provider-schema';
import { generateBinding } from './generate-binding';
import { temporaryFolder } from './project';

const FLAGS = {
  optional: { optional: true },
  required: { required: true },
  computed: { computed: true },
  chosen: { optional: true, computed: true },
} satisfies Record<string, Attribute>;

const TYPES: Record<string, AttributeType> = {
  string: 'string',
  number: 'number',
  bool: 'bool',
  dynamic: 'dynamic',
  list_string: ['list', 'string'],
  list_number: ['list', 'number'],
  list_bool: ['list', 'bool'],
  set_string: ['set', 'string'],
  set_number: ['set', 'number'],
  set_bool: ['set', 'bool'],
  map_string: ['map', 'string'],
  map_number: ['map', 'number'],
  map_bool: ['map', 'bool'],
  list_list: ['list', ['list', 'string']],
  set_list: ['set', ['list', 'string']],
  map_list: ['map', ['list', 'string']],
  list_map: ['list', ['map', 'string']],
  set_map: ['set', ['map', 'string']],
  list_set: ['list', ['set', 'string']],
  map_set: ['map', ['set', 'string']],
};

/** Object types; each member has a type of its own. */
const OBJECTS: Record<string, AttributeType> = {
  object: ['object', { name: 'string', weights: ['list', 'number'] }],
  list_object: ['list', ['object', { name: 'string', size: 'number' }]],
  set_object: ['set', ['object', { name: 'string', zones: ['set', 'string'] }]],
  map_object: ['map', ['object', { name: 'string' }]],
  list_list_object: ['list', ['list', ['object', { name: 'string' }]]],
  list_set_object: ['list', ['set', ['object', { name: 'string' }]]],
  deep_object: ['object', { name: 'string', inner: ['list', ['object', { on: 'bool' }]] }],
};

/** Read from bindings as something else. Every entry takes and gives the same JSON as the truth. */
const HARMLESS: Record<string, string> = {
  'type list(set(string)) of optional_list_set': 'the kind of an inner collection is not in a mapper',
  'type list(set(string)) of required_list_set': 'the kind of an inner collection is not in a mapper',
  'type list(set(string)) of chosen_list_set': 'the kind of an inner collection is not in a mapper',
  'type list(set(string)) of computed_list_set': 'a stored collection tells the outer kind alone',
  'type map(set(string)) of optional_map_set': 'the kind of an inner collection is not in a mapper',
  'type map(set(string)) of required_map_set': 'the kind of an inner collection is not in a mapper',
  'type map(set(string)) of chosen_map_set': 'the kind of an inner collection is not in a mapper',
  'type map(set(string)) of computed_map_set': 'a stored collection tells the outer kind alone',
};

const members = (): Block => ({
  attributes: {
    name: { type: 'string', required: true },
    zones: { type: ['set', 'string'], optional: true },
    seen: { type: 'number', computed: true },
  },
  block_types: { deep: { nesting_mode: 'set', block: { attributes: { on: { type: 'bool', optional: true } } } } },
});

async function roundTrip(block: Block, folder: string): Promise<ReturnType<typeof compareSchemas>> {
  const truth: Schema = { version: 0, block };
  return compareSchemas(extractSchema(await generateBinding(truth, folder)), truth);
}

function withEveryFlag(types: Record<string, AttributeType>): Record<string, Attribute> {
  return Object.fromEntries(
    Object.entries(types).flatMap(([name, type]) =>
      Object.entries(FLAGS).map(([flag, flags]) => [`${flag}_${name}`, { type, ...flags }]),
    ),
  );
}

describe('a generated binding gives back the schema that it was made of', () => {
  const folder = temporaryFolder();

  test('for every simple type and collection under every flag', async () => {
    const differences = await roundTrip({ attributes: withEveryFlag(TYPES) }, `${folder}/types`);
    expect(differences.map(({ path, what, truth }) => `${what} ${sentence(truth)} of ${path}`).sort()).toEqual(
      Object.keys(HARMLESS).sort(),
    );
  });

  test('for read-only objects in every collection', async () => {
    const attributes = Object.fromEntries(
      Object.entries(OBJECTS).map(([name, type]): [string, Attribute] => [name, { type, computed: true }]),
    );
    const differences = await roundTrip({ attributes }, `${folder}/objects`);
    expect(differences).toEqual([]);
  });

  // Members of an object have no flags, and the generator gives them their parent's: both forms take the same JSON.
  test('but for the form of an object that may be written, and of a nested attribute that is only read', async () => {
    const attributes: Record<string, Attribute> = {
      written: { optional: true, type: ['list', ['object', { name: 'string' }]] },
      demanded: { required: true, type: ['object', { name: 'string' }] },
      read: {
        computed: true,
        nested_type: { nesting_mode: 'list', attributes: { name: { type: 'string', computed: true } } },
      },
    };
    expect(await roundTrip({ attributes }, `${folder}/forms`)).toEqual([
      { path: 'demanded', what: 'form', extracted: 'nested attribute', truth: 'attribute' },
      { path: 'read', what: 'form', extracted: 'attribute', truth: 'nested attribute' },
      { path: 'written', what: 'form', extracted: 'nested attribute', truth: 'attribute' },
    ]);
  });

  test('for nested attributes whose members have flags of their own', async () => {
    const nested = (nesting_mode: 'single' | 'list' | 'set' | 'map'): Attribute => ({
      optional: true,
      nested_type: {
        nesting_mode,
        attributes: {
          name: { type: 'string', required: true },
          zones: { type: ['set', 'string'], optional: true },
          seen: { type: 'number', computed: true },
          inner: {
            optional: true,
            nested_type: { nesting_mode: 'list', attributes: { on: { type: 'bool', optional: true } } },
          },
        },
      },
    });
    const attributes = { one: nested('single'), many: nested('list'), some: nested('set'), named: nested('map') };
    expect(await roundTrip({ attributes }, `${folder}/nested`)).toEqual([]);
  });

  test('for write-only arguments and the members of such', async () => {
    const attributes: Record<string, Attribute> = {
      secret_wo: { type: 'string', optional: true, write_only: true },
      secret_wo_version: { type: 'number', optional: true },
      set_wo: {
        optional: true,
        write_only: true,
        nested_type: {
          nesting_mode: 'list',
          attributes: { value: { type: 'string', required: true, write_only: true } },
        },
      },
    };
    expect(await roundTrip({ attributes }, `${folder}/write-only`)).toEqual([]);
  });

  test('for blocks of every nesting and count, but counts above one', async () => {
    const block_types: Record<string, NestedBlock> = {
      timeouts: { nesting_mode: 'single', block: { attributes: { create: { type: 'string', optional: true } } } },
      any_list: { nesting_mode: 'list', block: members() },
      any_set: { nesting_mode: 'set', block: members() },
      at_most_one_list: { nesting_mode: 'list', max_items: 1, block: members() },
      at_most_one_set: { nesting_mode: 'set', max_items: 1, block: members() },
      exactly_one: { nesting_mode: 'list', min_items: 1, max_items: 1, block: members() },
      at_least_one: { nesting_mode: 'set', min_items: 1, block: members() },
      two_to_five: { nesting_mode: 'list', min_items: 2, max_items: 5, block: members() },
    };
    expect(await roundTrip({ attributes: {}, block_types }, `${folder}/blocks`)).toEqual([
      { path: 'two_to_five', what: 'count', extracted: '1 to any', truth: '2 to 5' },
    ]);
  });
});

function sentence(type: string): string {
  return type
    .replace(/\["(\w+)",/g, '$1(')
    .replaceAll(']', ')')
    .replaceAll('"', '');
}
