import path from 'node:path';
import type { Schema } from '../../../rehearsal/schemas/provider-schema';

const ADDRESS = 'registry.terraform.io/acme/shapes';

/**
 * Generates the binding of one resource type as the provider packages are made.
 * @returns its TypeScript file
 */
export async function generateBinding(schema: Schema, folder: string): Promise<string> {
  const { CodeMaker, TerraformProviderGenerator, TerraformProviderConstraint } =
    await import('@cdktf/provider-generator');
  const { ConstructsMakerProviderTarget, Language } = await import('@cdktf/commons');
  const code = new CodeMaker();
  // The generator's own types know neither read-only arrays nor versions, so the schema reaches it as JSON.
  const document = JSON.parse(
    JSON.stringify({
      format_version: '1.0',
      provider_versions: { [ADDRESS]: '1.0.0' },
      provider_schemas: {
        [ADDRESS]: {
          provider: { version: 0, block: { attributes: {} } },
          resource_schemas: { shapes_thing: schema },
          data_source_schemas: {},
        },
      },
    }),
  );
  const constraint = new TerraformProviderConstraint('acme/shapes@1.0.0');
  new TerraformProviderGenerator(code, document).generate(
    new ConstructsMakerProviderTarget(constraint, Language.TYPESCRIPT),
  );
  await code.save(folder);
  return path.join(folder, 'providers', 'shapes', 'thing', 'index.ts');
}
