import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { overlaySchema, readMarks } from '../../../rehearsal/schemas/overlay';
import type { Schema } from '../../../rehearsal/schemas/provider-schema';
import { temporaryFolder } from './project';

const schema: Schema = {
  version: 0,
  block: {
    attributes: {
      password: { type: 'string', optional: true },
      name: { type: 'string', required: true },
      nodes: { type: ['list', ['object', { ssh_user: 'string' }]], computed: true },
      sets: {
        optional: true,
        nested_type: { nesting_mode: 'list', attributes: { value: { type: 'string', required: true } } },
      },
    },
    block_types: {
      login: { nesting_mode: 'list', block: { attributes: { token: { type: 'string', optional: true } } } },
    },
  },
};

describe('the known behaviour laid over a schema', () => {
  test('marks attributes, members of nested attributes, and attributes within blocks', () => {
    const marks = { sensitive: ['password', 'sets.value', 'login.token'], writeOnly: ['password'] };
    const { attributes, block_types: blocks } = overlaySchema('acme_thing', schema, marks).block;
    expect(attributes?.['password']).toEqual({ type: 'string', optional: true, sensitive: true, write_only: true });
    expect(attributes?.['sets']?.nested_type?.attributes['value']?.sensitive).toBe(true);
    expect(blocks?.['login']?.block.attributes?.['token']?.sensitive).toBe(true);
    expect(attributes?.['name']).toEqual({ type: 'string', required: true });
  });

  test('leaves members of an object unmarked, as the provider does', () => {
    const marks = { sensitive: ['nodes.ssh_user'], writeOnly: [] };
    expect(overlaySchema('acme_thing', schema, marks)).toEqual(schema);
  });

  test('does not change the schema that it is laid over', () => {
    const before = structuredClone(schema);
    overlaySchema('acme_thing', schema, { sensitive: ['password'], writeOnly: [] });
    expect(schema).toEqual(before);
  });

  test('changes nothing of a type without marks', () => {
    expect(overlaySchema('acme_thing', schema, undefined)).toEqual(schema);
  });

  test.each(['pasword', 'login.tocken', 'sets.values'])('refuses the path %s', (dotted) => {
    expect(() => overlaySchema('acme_thing', schema, { sensitive: [dotted], writeOnly: [] })).toThrow(
      `behaviour of 'acme_thing' marks '${dotted}', but its schema has no such attribute; ` +
        `correct the path in rehearsal/provider/behaviour`,
    );
  });
});

describe('the marks of a provider', () => {
  const folder = temporaryFolder();

  test('are read for resources and data sources, and other behaviour is passed over', () => {
    const file = {
      provider: 'acme/acme',
      types: { acme_thing: { forceNew: ['name'], sensitive: ['password'] } },
      dataSources: { acme_thing: { writeOnly: [], sensitive: ['value'] } },
    };
    writeFileSync(path.join(folder, 'acme.json'), JSON.stringify(file));
    expect(readMarks(folder, 'acme')).toEqual({
      types: { acme_thing: { sensitive: ['password'], writeOnly: [] } },
      dataSources: { acme_thing: { sensitive: ['value'], writeOnly: [] } },
    });
  });

  test('are empty for a provider of which nothing is written', () => {
    expect(readMarks(folder, 'unheard')).toEqual({ types: {}, dataSources: {} });
  });
});
