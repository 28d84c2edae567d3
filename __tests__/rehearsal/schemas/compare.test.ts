import { compareSchemas } from './compare';
import type { Block } from '../../../rehearsal/schemas/provider-schema';

function compare(extracted: Block, truth: Block): ReturnType<typeof compareSchemas> {
  return compareSchemas({ version: 0, block: extracted }, { version: 1, block: truth });
}

const inner: Block = { attributes: { name: { type: 'string', required: true } } };

test('equal schemas have no differences, and the order of names does not matter', () => {
  const one: Block = { attributes: { a: { type: ['object', { x: 'string', y: 'bool' }] }, b: { type: 'number' } } };
  const other: Block = { attributes: { b: { type: 'number' }, a: { type: ['object', { y: 'bool', x: 'string' }] } } };
  expect(compare(one, other)).toEqual([]);
});

test('the version of the state and sensitive flags are not compared, since bindings know neither', () => {
  const truth: Block = { attributes: { token: { type: 'string', computed: true, sensitive: true } } };
  expect(compare({ attributes: { token: { type: 'string', computed: true } } }, truth)).toEqual([]);
});

test.each<[string, Block, Block, object]>([
  ['a missing attribute', {}, inner, { path: 'name', what: 'missing', extracted: 'none', truth: 'attribute' }],
  ['an attribute too many', inner, {}, { path: 'name', what: 'extra', extracted: 'attribute', truth: 'none' }],
  [
    'another type',
    { attributes: { zones: { type: ['list', 'string'] } } },
    { attributes: { zones: { type: ['set', 'string'] } } },
    { path: 'zones', what: 'type', extracted: '["list","string"]', truth: '["set","string"]' },
  ],
  [
    'other flags',
    { attributes: { name: { type: 'string', optional: true } } },
    { attributes: { name: { type: 'string', optional: true, computed: true } } },
    { path: 'name', what: 'flags', extracted: 'optional', truth: 'optional computed' },
  ],
  [
    'an attribute for a block',
    { attributes: { disk: { type: 'string' } } },
    { block_types: { disk: { nesting_mode: 'list', block: inner } } },
    { path: 'disk', what: 'form', extracted: 'attribute', truth: 'block' },
  ],
  [
    'another nesting, at any depth',
    {
      block_types: {
        a: { nesting_mode: 'list', block: { block_types: { b: { nesting_mode: 'list', block: inner } } } },
      },
    },
    {
      block_types: {
        a: { nesting_mode: 'list', block: { block_types: { b: { nesting_mode: 'set', block: inner } } } },
      },
    },
    { path: 'a.b', what: 'nesting', extracted: 'list', truth: 'set' },
  ],
  [
    'other counts of a block',
    { block_types: { disk: { nesting_mode: 'list', max_items: 1, block: inner } } },
    { block_types: { disk: { nesting_mode: 'list', min_items: 1, block: inner } } },
    { path: 'disk', what: 'count', extracted: '0 to 1', truth: '1 to any' },
  ],
  [
    'a difference within a nested attribute',
    { attributes: { sets: { nested_type: { nesting_mode: 'list', attributes: {} } } } },
    { attributes: { sets: { nested_type: { nesting_mode: 'list', attributes: { value: { type: 'string' } } } } } },
    { path: 'sets.value', what: 'missing', extracted: 'none', truth: 'attribute' },
  ],
])('%s is a difference', (_, extracted, truth, difference) => {
  expect(compare(extracted, truth)).toEqual([difference]);
});
