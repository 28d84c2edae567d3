// Generates the typed bindings from schema.json: TypeScript into src/, JavaScript with declarations into lib/.
// lib/ has the form of the prebuilt provider packages (source within the source map), so that nothing that
// reads bindings has to tell them apart. Does nothing when neither the schema nor the tools have changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// cdktf's tools ask Terraform for its version, which complains where this names no file; schema.json needs no provider.
delete process.env.TF_CLI_CONFIG_FILE;

const require = createRequire(import.meta.url);
const here = path.dirname(fileURLToPath(import.meta.url));
const SOURCE = 'rancher/rancher2';
const FQPN = `registry.terraform.io/${SOURCE}`;
const TOOLS = ['@cdktf/provider-generator', 'cdktf', 'typescript'];

/** Version of an installed package; read from its file because not every package exports its package.json. */
function versionOf(name) {
  for (const folder of require.resolve.paths(name)) {
    const file = path.join(folder, name, 'package.json');
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).version;
  }
  throw new Error(`package '${name}' is not installed; run npm install`);
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of ['schema.json', 'generate.mjs']) hash.update(readFileSync(path.join(here, file)));
  for (const name of TOOLS) hash.update(`${name}@${versionOf(name)}`);
  return hash.digest('hex');
}

async function generateSources(schema, version, target) {
  const { CodeMaker, TerraformProviderGenerator, TerraformProviderConstraint } = require('@cdktf/provider-generator');
  const { ConstructsMakerProviderTarget, Language } = require('@cdktf/commons');
  const code = new CodeMaker();
  const constraint = new TerraformProviderConstraint(`${SOURCE}@${version}`);
  new TerraformProviderGenerator(code, schema).generate(
    new ConstructsMakerProviderTarget(constraint, Language.TYPESCRIPT),
  );
  await code.save(path.join(target, 'generated'));
  renameSync(path.join(target, 'generated', 'providers', 'rancher2'), path.join(target, 'src'));
  rmSync(path.join(target, 'generated'), { recursive: true });
  // Only deep imports are supported: the root modules cost seconds and are left out.
  for (const file of ['index.ts', 'lazy-index.ts']) rmSync(path.join(target, 'src', file));
}

function compile(target) {
  const ts = require('typescript');
  const files = readdirSync(path.join(target, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(target, 'src', file));
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    rootDir: path.join(target, 'src'),
    outDir: path.join(target, 'lib'),
    declaration: true,
    inlineSourceMap: true,
    inlineSources: true,
    strict: true,
    skipLibCheck: true,
    useDefineForClassFields: false,
    types: [],
  });
  const problems = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  if (problems.length > 0) {
    const host = { getCurrentDirectory: () => here, getCanonicalFileName: (name) => name, getNewLine: () => '\n' };
    throw new Error(`the generated bindings do not compile:\n${ts.formatDiagnostics(problems, host)}`);
  }
}

/** Swaps finished folders in, so that an interrupted run never leaves half a package. */
function install(target) {
  for (const folder of ['src', 'lib']) {
    rmSync(path.join(here, folder), { recursive: true, force: true });
    renameSync(path.join(target, folder), path.join(here, folder));
  }
}

async function main() {
  const started = performance.now();
  const schema = JSON.parse(readFileSync(path.join(here, 'schema.json'), 'utf8'));
  const version = schema.provider_versions[FQPN];
  const { resource_schemas: resources, data_source_schemas: dataSources } = schema.provider_schemas[FQPN];
  const what = `${SOURCE} ${version}: ${Object.keys(resources).length} resources, ${Object.keys(dataSources).length} data sources`;

  const stamp = path.join(here, 'lib', '.stamp');
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    console.log(`${what}, unchanged`);
    return;
  }
  const target = mkdtempSync(path.join(here, '.build-'));
  try {
    await generateSources(schema, version, target);
    compile(target);
    writeFileSync(path.join(target, 'lib', '.stamp'), wanted);
    install(target);
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
  console.log(`${what}, generated in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

await main();
