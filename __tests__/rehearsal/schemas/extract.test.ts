import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { extractSchema } from '../../../rehearsal/schemas/extract';
import { BindingPackage } from '../../../rehearsal/schemas/locate';
import { projectRoot, temporaryFolder } from './project';

const folder = temporaryFolder();
const aws = new BindingPackage(projectRoot, 'aws');

/** A binding in a folder of its own, as `index.js` or `index.ts`. */
function binding(name: string, text: string): string {
  const dir = mkdtempSync(path.join(folder, 'binding-'));
  writeFileSync(path.join(dir, name), text);
  return path.join(dir, name);
}

/** The source of a resource with one attribute. */
function resource(attribute: string, more = ''): string {
  return [
    'export interface ThingConfig extends cdktf.TerraformMetaArguments {',
    '}',
    'export class Thing extends cdktf.TerraformResource {',
    '  public constructor(scope: Construct, id: string, config: ThingConfig = {}) {',
    '  }',
    attribute,
    '}',
    more,
  ].join('\n');
}

describe('extraction', () => {
  test('reads the source within the source map of compiled JavaScript', () => {
    const source = resource(
      "  // arn - computed: true, optional: false, required: false\n    return this.getStringAttribute('arn');",
    );
    const map = Buffer.from(JSON.stringify({ version: 3, sourcesContent: [source] })).toString('base64');
    const file = binding('index.js', `"use strict";\n//# sourceMappingURL=data:application/json;base64,${map}\n`);
    expect(extractSchema(file)).toEqual({
      version: 0,
      block: { attributes: { arn: { type: 'string', computed: true } } },
    });
  });

  test('puts the parts of a very large type together', () => {
    const { block_types: blocks } = extractSchema(aws.fileOf('resource', 'aws_lexv2models_intent')).block;
    expect(blocks?.['input_context']?.block.attributes).toEqual({ name: { type: 'string', required: true } });
    expect(blocks?.['slot_priority']?.block.attributes).toEqual({
      priority: { type: 'number', required: true },
      slot_id: { type: 'string', required: true },
    });
  });

  test('gives a tree that the generator leaves out as a value of any type', () => {
    const { attributes } = extractSchema(aws.fileOf('data source', 'aws_quicksight_analysis')).block;
    expect(attributes?.['definition']).toEqual({ type: 'dynamic', computed: true });
  });

  test('makes a set of such values a list, since Terraform allows none in a set', () => {
    const { block_types: blocks } = extractSchema(aws.fileOf('resource', 'aws_wafv2_rule_group')).block;
    expect(blocks?.['rule']?.nesting_mode).toBe('list');
    expect(blocks?.['rule']?.block.attributes?.['statement']?.type).toBe('dynamic');
  });

  test('finds the arguments of a type whose interface has another name', () => {
    const { block_types: blocks } = extractSchema(aws.fileOf('resource', 'aws_wafv2_web_acl_association')).block;
    expect(blocks?.['timeouts']).toEqual({
      nesting_mode: 'single',
      block: { attributes: { create: { type: 'string', optional: true } } },
    });
  });

  test('leaves out the alias, which every provider has by Terraform itself', () => {
    const { attributes } = extractSchema(aws.providerFile).block;
    expect(attributes?.['alias']).toBeUndefined();
    expect(attributes?.['region']).toEqual({ type: 'string', optional: true });
  });
});

describe('extraction refuses', () => {
  test('JavaScript without a source map', () => {
    const file = binding('index.js', '"use strict";\n');
    expect(() => extractSchema(file)).toThrow(
      `binding '${file}' has no inline source map, but schemas are read from the TypeScript within it; ` +
        `install the pinned provider package, or run 'npm run prepare-bindings' for rancher2`,
    );
  });

  test('a source map without the source', () => {
    const map = Buffer.from(JSON.stringify({ version: 3, sources: ['index.ts'] })).toString('base64');
    const file = binding('index.js', `//# sourceMappingURL=data:application/json;base64,${map}\n`);
    expect(() => extractSchema(file)).toThrow(`binding '${file}' has no source in its source map, but schemas`);
  });

  test('a file that is no binding', () => {
    const file = binding('index.ts', 'export class Thing extends cdktf.ComplexObject {\n}\n');
    expect(() => extractSchema(file)).toThrow(
      `binding '${file}' declares no resource, data source or provider class with its arguments, ` +
        `but exactly one is expected; its generator is newer than the extraction knows`,
    );
  });

  test('an attribute whose type it can not read, instead of guessing', () => {
    const file = binding(
      'index.ts',
      resource(
        '  // size - computed: true, optional: false, required: false\n    return this.getTupleAttribute("size");',
      ),
    );
    expect(() => extractSchema(file)).toThrow(
      `type of 'Thing.size' cannot be read from 'this.getTupleAttribute("size")' in its binding, but a mapper or getter ` +
        `of the provider generator 0.21 is expected; teach rehearsal/schemas/value-shape.ts this form`,
    );
  });

  test('structs that refer to themselves', () => {
    const again =
      '  // next - computed: true, optional: false, required: false\n  private _next = new NodeOutputReference(this, "next");';
    const file = binding(
      'index.ts',
      resource(again, `export class NodeOutputReference extends cdktf.ComplexObject {\n${again}\n}`),
    );
    expect(() => extractSchema(file)).toThrow(
      "blocks of 'Thing.next.next.next.next' nest deeper than 25 levels, so the binding refers to itself; look at its source",
    );
  });

  test('a provider package that does not say its version', () => {
    const lib = path.join(folder, 'node_modules', '@cdktf', 'provider-acme', 'lib');
    mkdirSync(path.join(lib, 'provider'), { recursive: true });
    writeFileSync(path.join(lib, 'provider', 'index.js'), '"use strict";\n');
    expect(() => new BindingPackage(folder, 'acme').version).toThrow(
      `version of provider 'acme' has no binding in '${lib}', but the stacks use it; ` +
        `add the type to the bindings, or correct the type's name`,
    );
  });
});
