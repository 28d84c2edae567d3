// Makes schema.json: the provider's own schema, reduced to the types that Drover uses.
//   node reduce.mjs <file>      <file> is what `terraform providers schema -json` prints for rancher/rancher2 14.1.1
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const SOURCE = 'registry.terraform.io/rancher/rancher2';
const VERSION = '14.1.1';

const RESOURCES = [
  'rancher2_app_v2',
  'rancher2_bootstrap',
  'rancher2_catalog_v2',
  'rancher2_cluster',
  'rancher2_cluster_role_template_binding',
  'rancher2_cluster_sync',
  'rancher2_cluster_v2',
  'rancher2_feature',
  'rancher2_global_role',
  'rancher2_global_role_binding',
  'rancher2_namespace',
  'rancher2_project',
  'rancher2_project_role_template_binding',
  'rancher2_role_template',
  'rancher2_secret_v2',
  'rancher2_setting',
  'rancher2_token',
];
const DATA_SOURCES = ['rancher2_cluster_v2', 'rancher2_project', 'rancher2_setting'];

function pick(schemas, types, kind) {
  const missing = types.filter((type) => !(type in schemas));
  if (missing.length > 0) throw new Error(`${kind} '${missing.join("', '")}' not in the schema of ${SOURCE}`);
  return Object.fromEntries(types.map((type) => [type, schemas[type]]));
}

function sortKeys(value) {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}

async function main([file]) {
  if (file === undefined) throw new Error('usage: node reduce.mjs <providers schema JSON>');
  const provider = JSON.parse(readFileSync(file, 'utf8')).provider_schemas?.[SOURCE];
  if (provider === undefined) throw new Error(`'${file}' has no provider schema of '${SOURCE}'`);
  const reduced = {
    format_version: '1.0',
    provider_schemas: {
      [SOURCE]: {
        provider: provider.provider,
        resource_schemas: pick(provider.resource_schemas, RESOURCES, 'resource'),
        data_source_schemas: pick(provider.data_source_schemas, DATA_SOURCES, 'data source'),
      },
    },
    provider_versions: { [SOURCE]: VERSION },
  };
  const target = new URL('schema.json', import.meta.url);
  const options = await resolveConfig(target);
  writeFileSync(
    target,
    await format(JSON.stringify(sortKeys(reduced)), { printWidth: 120, ...options, parser: 'json' }),
  );
}

await main(process.argv.slice(2));
