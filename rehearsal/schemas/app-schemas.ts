import path from 'node:path';
import { typesIn } from '../state';
import { readAppTypes, type ProviderUse } from './app-types';
import { EPHEMERAL_SCHEMAS } from './ephemeral-schemas';
import { ephemeralSchemaMissing, versionsDiffer } from './errors';
import { extractSchema } from './extract';
import { BindingPackage, type TypeKind } from './locate';
import { overlaySchema, readMarks } from './overlay';
import type { ProviderSchema, Schema } from './provider-schema';

export interface AppSchemasOptions {
  /** Folder whose node_modules holds the bindings. */
  readonly projectRoot: string;
  /** Folder of the synthesized stacks, such as `cdktf.out/stacks`. */
  readonly stacksDir: string;
  /** Folder of the stacks' states: what they keep has a schema until it is gone. @default - nothing is kept */
  readonly statesDir?: string;
  /** Folder of what is known beyond the bindings. @default `rehearsal/provider/behaviour` in the project root */
  readonly behaviourDir?: string;
}

/**
 * Schemas of exactly the types that the synthesized stacks use, or their states still keep, by the provider's local name.
 * @throws if a provider or type has no binding, or if stacks and bindings are of different versions
 */
export function extractAppSchemas(options: AppSchemasOptions): Map<string, ProviderSchema> {
  const { projectRoot, stacksDir, statesDir } = options;
  const behaviourDir = options.behaviourDir ?? path.join(projectRoot, 'rehearsal', 'provider', 'behaviour');
  const uses = [...readAppTypes(stacksDir, statesDir === undefined ? [] : typesIn(statesDir))];
  return new Map(uses.map(([name, use]) => [name, providerSchema(projectRoot, behaviourDir, name, use)]));
}

function providerSchema(projectRoot: string, behaviourDir: string, name: string, use: ProviderUse): ProviderSchema {
  const bindings = new BindingPackage(projectRoot, name);
  const { source, version } = use;
  if (version !== bindings.version) throw versionsDiffer(name, version, bindings.version);
  const marks = readMarks(behaviourDir, name);
  const extract = (kind: TypeKind, type: string): Schema => {
    const marked = kind === 'resource' ? marks.types : marks.dataSources;
    return overlaySchema(type, extractSchema(bindings.fileOf(kind, type)), marked[type]);
  };
  return {
    source,
    version,
    provider: extractSchema(bindings.providerFile),
    resource_schemas: byType(use.resources, (type) => extract('resource', type)),
    data_source_schemas: byType(use.dataSources, (type) => extract('data source', type)),
    ephemeral_resource_schemas: byType(use.ephemeralResources, ephemeralSchema),
  };
}

function ephemeralSchema(type: string): Schema {
  const schema = EPHEMERAL_SCHEMAS[type];
  if (schema === undefined) throw ephemeralSchemaMissing(type, Object.keys(EPHEMERAL_SCHEMAS));
  return schema;
}

function byType(types: ReadonlySet<string>, schemaOf: (type: string) => Schema): Record<string, Schema> {
  return Object.fromEntries([...types].sort().map((type) => [type, schemaOf(type)]));
}
