import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { extractSchema } from '../../../rehearsal/schemas/extract';
import { BindingPackage } from '../../../rehearsal/schemas/locate';
import { overlaySchema, readMarks } from '../../../rehearsal/schemas/overlay';
import type { Attribute, Block } from '../../../rehearsal/schemas/provider-schema';
import { behaviourDir, projectRoot } from './project';

const paths = z.array(z.string()).default([]);
const limits = z.record(z.string(), z.unknown()).default({});
const known = z.object({
  read: z.string(),
  types: z.record(
    z.string(),
    z.object({ forceNew: paths, required: paths, writeOnly: paths, enums: limits, ranges: limits, source: z.string() }),
  ),
});

function readJson<T>(file: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(path.resolve(projectRoot, file), 'utf8')));
}

const behaviour = readJson(path.join(behaviourDir, 'azurerm.json'), known);
const bindings = new BindingPackage(projectRoot, 'azurerm');
const schemas = Object.fromEntries(
  Object.keys(behaviour.types).map((type) => [type, extractSchema(bindings.fileOf('resource', type)).block]),
);

/** What is at a path; members of an object have no flags. */
function at(block: Block, [name = '', ...rest]: readonly string[]): Attribute | 'block' | 'member' | undefined {
  const attribute = block.attributes?.[name];
  if (attribute !== undefined) return rest.length === 0 ? attribute : 'member';
  const nested = block.block_types?.[name];
  if (nested === undefined) return undefined;
  return rest.length === 0 ? 'block' : at(nested.block, rest);
}

/** Paths that a part of the behaviour names and that are not in the schemas, or do not fit there. */
function unlike(
  pathsOf: (type: (typeof behaviour.types)[string]) => readonly string[],
  fits: (attribute: Attribute) => boolean = () => true,
): string[] {
  return Object.entries(behaviour.types).flatMap(([type, facts]) =>
    pathsOf(facts)
      .filter((dotted) => {
        const found = at(schemas[type] ?? {}, dotted.split('.'));
        return found === undefined || (typeof found === 'object' && !fits(found));
      })
      .map((dotted) => `${type}.${dotted}`),
  );
}

test('the behaviour was read from the version of the bindings, and every type says where', () => {
  expect(behaviour.read).toContain(`v${bindings.version}`);
  for (const { source } of Object.values(behaviour.types))
    expect(source).toContain(`/${bindings.version}/docs/resources/`);
});

test('every type that the program is made of has known behaviour, or a reason why not', () => {
  const unlisted = readJson('rehearsal/provider/unlisted.json', z.record(z.string(), z.string()));
  const stack = z.object({ resource: z.record(z.string(), z.unknown()) });
  const types = ['weu-network', 'management-servers', 'shop-cluster'].flatMap((name) =>
    Object.keys(readJson(`__tests__/golden/staging/staging-${name}.json`, stack).resource),
  );
  const azure = [...new Set(types)].filter((it) => it.startsWith('azurerm_'));
  expect(azure.length).toBeGreaterThan(25);
  expect(azure.filter((it) => !(it in behaviour.types) && !(it in unlisted))).toEqual([]);
});

test('what the provider demands is required in the extracted schema', () => {
  expect(
    unlike(
      (it) => it.required,
      ({ required }) => required === true,
    ),
  ).toEqual([]);
});

test('what replaces a resource is an argument in the extracted schema', () => {
  expect(
    unlike(
      (it) => it.forceNew,
      ({ required, optional }) => required === true || optional === true,
    ),
  ).toEqual([]);
});

test('closed sets and limits are of arguments that exist', () => {
  expect(unlike((it) => [...Object.keys(it.enums), ...Object.keys(it.ranges)])).toEqual([]);
});

test('a secret is write-only, and every known sensitive path exists', () => {
  const marks = readMarks(behaviourDir, 'azurerm');
  const marked = Object.entries(schemas).map(
    ([type, block]) => [type, overlaySchema(type, { version: 0, block }, marks.types[type])] as const,
  );
  expect(new Map(marked).get('azurerm_key_vault_secret')?.block.attributes).toMatchObject({
    value: { type: 'string', optional: true, sensitive: true },
    value_wo: { type: 'string', optional: true, write_only: true },
  });
});
