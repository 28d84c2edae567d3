import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { extractSchema } from '../../../rehearsal/schemas/extract';
import { BindingPackage } from '../../../rehearsal/schemas/locate';
import { overlaySchema, readMarks } from '../../../rehearsal/schemas/overlay';
import type { Attribute, Block } from '../../../rehearsal/schemas/provider-schema';
import { behaviourDir, projectRoot } from './project';

const paths = z.array(z.string()).default([]);
const known = z.object({
  types: z.record(
    z.string(),
    z.object({ forceNew: paths, required: paths, writeOnly: paths, regional: z.boolean().default(false) }),
  ),
  dataSources: z.record(z.string(), z.unknown()),
});

/** Known of the provider, but not of the pinned version. */
const GONE: Record<string, string> = {
  'aws_ssm_association.instance_id': 'version 6.25.0 has targets alone',
};

const behaviour = known.parse(JSON.parse(readFileSync(path.join(behaviourDir, 'aws.json'), 'utf8')));
const bindings = new BindingPackage(projectRoot, 'aws');
const schemas = Object.fromEntries(
  Object.keys(behaviour.types).map((type) => [type, extractSchema(bindings.fileOf('resource', type)).block]),
);

type Found = Attribute | 'block' | 'object member';

/** What is at a path, if anything is. */
function at(block: Block, [name = '', ...rest]: readonly string[]): Found | undefined {
  const attribute = block.attributes?.[name];
  if (attribute !== undefined && rest.length === 0) return attribute;
  // Members of an object have no flags: all must be given with the object.
  if (attribute !== undefined && attribute.nested_type === undefined) return 'object member';
  if (attribute?.nested_type !== undefined) return at({ attributes: attribute.nested_type.attributes }, rest);
  const nested = block.block_types?.[name];
  if (nested === undefined) return undefined;
  return rest.length === 0 ? 'block' : at(nested.block, rest);
}

/** Paths of the known behaviour that are not in the schemas, or do not fit there. */
function unlike(slot: 'forceNew' | 'required' | 'writeOnly', fits: (attribute: Attribute) => boolean): string[] {
  return Object.entries(behaviour.types).flatMap(([type, marks]) =>
    marks[slot]
      .filter((dotted) => {
        const found = at(schemas[type] ?? {}, dotted.split('.'));
        return found === undefined || (typeof found === 'object' && !fits(found));
      })
      .map((dotted) => `${type}.${dotted}`)
      .filter((where) => !(where in GONE)),
  );
}

test('every type and data source with known behaviour has a binding that is read without a guess', () => {
  expect(Object.keys(schemas).length).toBeGreaterThan(50);
  expect(
    Object.keys(behaviour.dataSources)
      .map((type) => bindings.fileOf('data source', type))
      .map(extractSchema),
  ).toEqual(Object.keys(behaviour.dataSources).map(() => expect.objectContaining({ version: 0 })));
});

test('what the provider demands is required in the extracted schema', () => {
  expect(unlike('required', ({ required }) => required === true)).toEqual([]);
});

test('what replaces a resource is an argument in the extracted schema', () => {
  expect(unlike('forceNew', ({ required, optional }) => required === true || optional === true)).toEqual([]);
});

test('what is write-only is so in the extracted schema', () => {
  expect(unlike('writeOnly', (attribute) => attribute.write_only === true)).toEqual([]);
});

test('every type has a region of its own that the provider fills, but for the global services', () => {
  const isGlobal = (type: string) => /^aws_(iam|route53)_/.test(type);
  const regional = Object.entries(schemas)
    .filter(([, { attributes }]) => attributes?.['region']?.optional === true && attributes['region'].computed === true)
    .map(([type]) => type);
  expect(regional.sort()).toEqual(
    Object.keys(schemas)
      .filter((type) => !isGlobal(type))
      .sort(),
  );
});

test('every known sensitive and write-only path exists', () => {
  const marks = readMarks(behaviourDir, 'aws');
  const overlaid = Object.entries(schemas).map(([type, block]) =>
    overlaySchema(type, { version: 0, block }, marks.types[type]),
  );
  expect(overlaid.length).toBe(Object.keys(schemas).length);
});
