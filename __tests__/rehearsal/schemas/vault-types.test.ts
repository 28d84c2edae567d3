import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { extractSchema } from '../../../rehearsal/schemas/extract';
import { BindingPackage, type TypeKind } from '../../../rehearsal/schemas/locate';
import { overlaySchema, readMarks } from '../../../rehearsal/schemas/overlay';
import type { Attribute, Schema } from '../../../rehearsal/schemas/provider-schema';
import { behaviourDir, projectRoot } from './project';

const paths = z.array(z.string()).default([]);
const facts = z.record(
  z.string(),
  z.object({
    forceNew: paths,
    required: paths,
    sensitive: paths,
    enums: z.record(z.string(), z.unknown()).default({}),
    defaults: z.record(z.string(), z.unknown()).default({}),
    conflicts: z.array(z.array(z.string())).default([]),
    source: z.string(),
  }),
);
const document = z.object({ read: z.string(), types: facts, dataSources: facts });

const behaviour = document.parse(JSON.parse(readFileSync(path.join(behaviourDir, 'vault.json'), 'utf8')));
const bindings = new BindingPackage(projectRoot, 'vault');
const marks = readMarks(behaviourDir, 'vault');
const known = [
  ...Object.entries(behaviour.types).map(([type, it]) => ({ kind: 'resource' as TypeKind, type, facts: it })),
  ...Object.entries(behaviour.dataSources).map(([type, it]) => ({ kind: 'data source' as TypeKind, type, facts: it })),
];

const schemaOf = (kind: TypeKind, type: string): Schema =>
  overlaySchema(
    type,
    extractSchema(bindings.fileOf(kind, type)),
    (kind === 'resource' ? marks.types : marks.dataSources)[type],
  );

test('the behaviour was read from the version of the bindings, and every type says where', () => {
  expect(behaviour.read).toContain(`v${bindings.version}`);
  for (const { facts: it } of known) expect(it.source).toContain(`/${bindings.version}/docs/`);
});

test.each(known)('what is known of the $kind $type is of arguments that it has', ({ kind, type, facts: it }) => {
  const attributes = schemaOf(kind, type).block.attributes ?? {};
  const flagged = (names: readonly string[], fits: (attribute: Attribute) => boolean): string[] =>
    names.filter((name) => attributes[name] === undefined || !fits(attributes[name]));
  const isArgument = ({ required, optional }: Attribute): boolean => required === true || optional === true;
  expect(flagged(it.required, ({ required }) => required === true)).toEqual([]);
  expect(flagged(it.forceNew, isArgument)).toEqual([]);
  expect(flagged([...Object.keys(it.enums), ...Object.keys(it.defaults), ...it.conflicts.flat()], isArgument)).toEqual(
    [],
  );
  expect(flagged(it.sensitive, ({ sensitive }) => sensitive === true)).toEqual([]);
});

test('what a secret holds is write-only, or sensitive where it is read back', () => {
  expect(schemaOf('resource', 'vault_kv_secret_v2').block.attributes).toMatchObject({
    data_json_wo: { write_only: true },
    data_json: { sensitive: true },
    data: { computed: true, sensitive: true },
    metadata: { computed: true },
  });
});

test('the schemas that the simulated provider is tested with are those of the bindings', () => {
  const tested = z
    .looseObject({ version: z.string(), resource_schemas: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync(path.join(projectRoot, 'rehearsal/provider/testdata/schemas/vault.json'), 'utf8')));
  expect(tested.version).toBe(bindings.version);
  for (const [type, schema] of Object.entries(tested.resource_schemas))
    expect(schema).toEqual(schemaOf('resource', type));
});
