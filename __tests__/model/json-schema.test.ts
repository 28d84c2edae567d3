import { environmentJsonSchema } from '../../model/json-schema';
import { environmentReference } from '../../model/schema-reference';

test('editors get a schema that refuses unknown keys and shows our own messages', () => {
  const schema = environmentJsonSchema();
  expect(schema).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Drover environment',
    additionalProperties: false,
    required: ['name', 'domain', 'dns', 'state', 'sites', 'management'],
    properties: {
      name: {
        pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
        patternErrorMessage: 'must be lower-case letters, digits and single hyphens, starting with a letter',
      },
    },
  });
});

test('the schema is plain JSON, equal each time', () => {
  const text = JSON.stringify(environmentJsonSchema());
  expect(JSON.parse(text)).toEqual(environmentJsonSchema());
  expect(text).not.toContain(String(Number.MAX_SAFE_INTEGER));
});

test('the reference explains every field', () => {
  const rows = environmentReference()
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.filter((row) => /\|\s+\|$/.test(row))).toEqual([]);
});

test('the reference names defaults, bounds and what is required', () => {
  const reference = environmentReference();
  expect(reference).toContain('| `flowLogRetentionDays` | `7` \\| `14` \\| `30` \\| `90` \\| `180` \\| `365` | `30` |');
  expect(reference).toContain('| `maxSize` | whole number, 1 to 1000 | **required** |');
  expect(reference).toContain('| `zones` | list of 3 to 6; each the letter of an availability zone, a to f |');
});

test('fields that several maps share are written once', () => {
  expect(environmentReference()).toContain('## `clusters.<name>.servers`\n\nThe same fields as `management.servers`.');
});
