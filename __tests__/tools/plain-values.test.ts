import { App, Fn, Lazy, TerraformLocal, TerraformStack, Token, Tokenization } from 'cdktf';
import { DefaultTokenResolver, StringConcat } from 'cdktf/lib/tokens';

type Resolve = (value: unknown, options: object) => unknown;
const { resolveTokens: untouched } = jest.requireActual<{ resolveTokens: Resolve }>('../../tools/plain-values.cjs');
const { resolve: shortened } = jest.requireActual<{ resolve: Resolve }>('cdktf/lib/tokens/private/resolve');

const stack = new TerraformStack(new App(), 'test');
const local = new TerraformLocal(stack, 'local', 'held');
const number = Token.asNumber(local.expression);
const list = Token.asList(local.expression);

/** What a way makes of a value: the result, or the message of the refusal. */
function outcome(way: Resolve, value: unknown): unknown {
  const resolver = new DefaultTokenResolver(new StringConcat());
  try {
    return { result: way(value, { scope: stack, prefix: [], resolver, preparing: false }) };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : error };
  }
}

const circle: Record<string, unknown> = {};
circle['again'] = circle;

test.each<[what: string, value: unknown]>([
  ['plain values', { text: 'a', number: 1.5, no: false, nothing: null, list: ['b', { c: [] }], none: {} }],
  ['what is left out', { a: undefined, list: ['b', undefined, 'c'], inner: { d: undefined } }],
  ['a reference', { name: local.expression, plain: { of: 'the same' } }],
  ['a reference in a text', { deep: { list: [{ name: `before ${local.asString} after` }] } }],
  ['a reference in a key', { [local.asString]: 'value', plain: 1 }],
  ['escapes', { text: 'plain ${HOME} and %{if}', both: `\${HOME} ${local.asString}` }],
  ['a number', { port: number, text: `port ${number}` }],
  ['a number that reads like an encoded one', { text: 'v-1.8881545897087503e+289 is no token', big: 1e250 }],
  ['a list', { ids: list, all: Token.asStringMap(local.expression) }],
  ['a function', { all: Fn.join(',', ['a', local.asString]), encoded: Fn.jsonencode({ a: local.asString }) }],
  [
    'a lazy value',
    { late: Lazy.stringValue({ produce: () => 'now' }), any: Lazy.anyValue({ produce: () => ({ a: 1 }) }) },
  ],
  [
    'a value of a class',
    {
      when: new Date(0),
      shape: new (class Shape {
        public readonly side = 2;
      })(),
    },
  ],
  ['an own member named resolve', { resolve: 'by hand' }],
  ['a list in a text', { text: Token.asString(list) }],
  ['a list token where one text stands', list[0]],
  ['the value of a map token alone', { value: Token.STRING_MAP_TOKEN_VALUE }],
  ['the number of a map token alone', { value: Token.NUMBER_MAP_TOKEN_VALUE }],
  ['a function of the language', { produce: () => 1 }],
  ['a construct', { stack }],
  ['a circle', circle],
  ['a text alone', `x ${local.asString}`],
  ['nothing', undefined],
])('%s comes out as the library makes it', (_, value) => {
  expect(outcome(shortened, value)).toEqual(outcome(untouched, value));
});

test('it stands in the way of every resolution', () => {
  expect(shortened).not.toBe(untouched);
  const value = { name: local.asString, list: ['a'] };
  const resolved: unknown = Tokenization.resolve(value, {
    scope: stack,
    resolver: new DefaultTokenResolver(new StringConcat()),
    preparing: false,
  });
  expect(resolved).toEqual({ name: '${local.local}', list: ['a'] });
  expect((resolved as typeof value).list).not.toBe(value.list);
});
