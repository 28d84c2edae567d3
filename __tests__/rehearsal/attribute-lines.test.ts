import { attributeLines } from '../../rehearsal/attribute-lines';

const values = (tag: string): string =>
  JSON.stringify(`env:\n  MESSAGE: ${'Welcome '.repeat(20)}\nimage:\n  repository: shop\n  tag: ${tag}\nreplicas: 2\n`);

test('of texts of many lines the lines that differ are shown', () => {
  expect(attributeLines([{ path: 'values[0]', before: values('6.9.0'), after: values('6.9.1') }])).toEqual([
    'values[0]:',
    '  -   tag: 6.9.0',
    '  +   tag: 6.9.1',
  ]);
});

test('a text that differs in its last line end alone shows nothing but its name', () => {
  expect(attributeLines([{ path: 'values[0]', before: '"a\\nb"', after: '"a\\nb\\n"' }])).toEqual(['values[0]:']);
});

test('of texts that differ in many lines the first are shown, and how many more there are', () => {
  const many = JSON.stringify(Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n'));
  const lines = attributeLines([{ path: 'manifest', before: '"one\\ntwo"', after: many }]);
  expect(lines).toHaveLength(42);
  expect(lines.at(-1)).toBe('  62 more changed lines');
});

test('long values are shown from where they differ', () => {
  const [before, after] = ['a', 'b'].map((it) => JSON.stringify(`${'x'.repeat(200)}${it}${'y'.repeat(200)}`));
  expect(attributeLines([{ path: 'policy', before: before ?? '', after: after ?? '' }])).toEqual([
    `policy: …${'x'.repeat(20)}a${'y'.repeat(57)}… -> …${'x'.repeat(20)}b${'y'.repeat(57)}…`,
  ]);
});

test('short values are shown whole, words that are no values as they are', () => {
  expect(
    attributeLines([
      { path: 'image_id', before: '"ami-1"', after: '"ami-2"' },
      { path: 'password', before: '(sensitive)', after: '(sensitive)' },
      { path: 'id', before: '"i-1"', after: '(known after apply)' },
    ]),
  ).toEqual(['image_id: "ami-1" -> "ami-2"', 'password: (sensitive) -> (sensitive)', '1 known after apply']);
});
