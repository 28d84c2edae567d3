import path from 'node:path';
import { compareSchemas } from './compare';
import { EPHEMERAL_SCHEMAS } from '../../../rehearsal/schemas/ephemeral-schemas';
import { extractSchema } from '../../../rehearsal/schemas/extract';
import { BindingPackage } from '../../../rehearsal/schemas/locate';
import { overlaySchema, readMarks } from '../../../rehearsal/schemas/overlay';
import type { Block, Schema } from '../../../rehearsal/schemas/provider-schema';
import { describeWithFacts, factsDir, readFacts, type ProviderFacts } from './facts';
import { behaviourDir, projectRoot } from './project';

/** Differences that change nothing for a program: the reason beside each. */
const HARMLESS: Record<string, string> = {
  'helm_release.metadata form': 'a read-only nested attribute reads as an object; both give the same JSON',
};

/** Every type of a provider: its name for messages, its extracted schema, its own. */
function* typesOf(provider: string, facts: ProviderFacts): Generator<[name: string, extracted: Schema, truth: Schema]> {
  const bindings = new BindingPackage(projectRoot, provider);
  yield [provider, extractSchema(bindings.providerFile), facts.provider];
  for (const [type, truth] of Object.entries(facts.resource_schemas)) {
    yield [type, extractSchema(bindings.fileOf('resource', type)), truth];
  }
  for (const [type, truth] of Object.entries(facts.data_source_schemas)) {
    yield [`data.${type}`, extractSchema(bindings.fileOf('data source', type)), truth];
  }
}

function differencesOf(provider: string, facts: ProviderFacts): string[] {
  return [...typesOf(provider, facts)].flatMap(([name, extracted, truth]) =>
    compareSchemas(extracted, truth).map(({ path: where, what }) => `${name}.${where} ${what}`),
  );
}

/** Paths of sensitive attributes. */
function sensitivePaths({ attributes = {}, block_types: blocks = {} }: Block, prefix = ''): string[] {
  return [
    ...Object.entries(attributes).flatMap(([name, { sensitive, nested_type: nested }]) => [
      ...(sensitive === true ? [`${prefix}${name}`] : []),
      ...sensitivePaths({ attributes: nested?.attributes ?? {} }, `${prefix}${name}.`),
    ]),
    ...Object.entries(blocks).flatMap(([name, { block }]) => sensitivePaths(block, `${prefix}${name}.`)),
  ].sort();
}

test('the rancher2 bindings give back every type of the schema that they were generated from', () => {
  const file = path.join(projectRoot, 'packages', 'provider-rancher2', 'schema.json');
  const facts = readFacts('rancher/rancher2', file);
  expect(Object.keys(facts.resource_schemas)).toContain('rancher2_cluster_v2');
  expect(differencesOf('rancher2', facts)).toEqual([]);
});

test('the rancher2 bindings pin the one version whose schema they have', () => {
  expect(new BindingPackage(projectRoot, 'rancher2').version).toBe('14.1.1');
});

describeWithFacts("extracted schemas equal the providers' own", () => {
  const providers = [
    ['helm', 'hashicorp/helm'],
    ['kubernetes', 'hashicorp/kubernetes'],
    ['random', 'hashicorp/random'],
  ] as const;

  test.each(providers)('%s, but for the harmless forms', (provider, address) => {
    const facts = readFacts(address, path.join(factsDir, `${provider}.json`));
    const expected = Object.keys(HARMLESS).filter((difference) => difference.startsWith(provider));
    expect(differencesOf(provider, facts)).toEqual(expected);
  });

  test.each(providers)(
    '%s has the same sensitive attributes once the known behaviour is laid over',
    (provider, address) => {
      const { resource_schemas: truths } = readFacts(address, path.join(factsDir, `${provider}.json`));
      const bindings = new BindingPackage(projectRoot, provider);
      const marks = readMarks(behaviourDir, provider).types;
      const marked = Object.keys(truths).map((type) => {
        const extracted = extractSchema(bindings.fileOf('resource', type));
        return [type, sensitivePaths(overlaySchema(type, extracted, marks[type]).block)];
      });
      const own = Object.entries(truths).map(([type, { block }]) => [type, sensitivePaths(block)]);
      expect(marked).toEqual(own);
    },
  );

  test.each([
    ['random', 'random_password'],
    ['azurerm', 'azurerm_key_vault_secret'],
  ])("of %s the ephemeral %s is the provider's own", (provider, type) => {
    const facts = readFacts(`hashicorp/${provider}`, path.join(factsDir, `${provider}.json`));
    expect(EPHEMERAL_SCHEMAS[type]).toEqual(facts.ephemeral_resource_schemas[type]);
  });
});
