import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { platformUnsupported, sourceAddressInvalid, versionNotExact } from './errors';
import type { ProviderSchema } from './provider-schema';

export interface MirrorOptions {
  /** Folder of the rehearsal; made if it does not exist. */
  readonly dir: string;
  /** The one program that stands in for every provider. It finds `dir` by REHEARSAL_DIR in its environment. */
  readonly providerBinary: string;
  /** Schemas by the provider's local name. */
  readonly schemas: ReadonlyMap<string, ProviderSchema>;
  /** Platform that Terraform runs on. @default - this machine's */
  readonly platform?: MirrorPlatform;
}

/** A platform in the notation of Node. */
export interface MirrorPlatform {
  /** Such as `linux`. */
  readonly os: string;
  /** Such as `x64`. */
  readonly architecture: string;
}

/** Where to find what was written; absolute if `dir` was. */
export interface Mirror {
  /** Terraform's CLI configuration, for TF_CLI_CONFIG_FILE. */
  readonly cliConfigFile: string;
  /** Started instead of each provider, by its local name. */
  readonly providerFiles: ReadonlyMap<string, string>;
}

const SYSTEMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
const EXACT_VERSION = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/**
 * Writes what makes Terraform start the simulated provider instead of the real ones: each provider's schemas, a
 * filesystem mirror, and a CLI configuration that knows only this mirror. Replaces what an earlier run left.
 */
export function writeMirror(options: MirrorOptions): Mirror {
  const { dir, providerBinary, schemas } = options;
  const platform = terraformPlatform(options.platform ?? { os: process.platform, architecture: process.arch });
  const mirrorDir = path.join(dir, 'mirror');
  const schemasDir = path.join(dir, 'schemas');
  for (const folder of [mirrorDir, schemasDir]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  const providerFiles = new Map<string, string>();
  for (const [name, schema] of schemas) {
    writeFileSync(path.join(schemasDir, `${name}.json`), JSON.stringify(schema));
    const file = path.join(mirrorDir, ...mirrorPath(name, schema, platform));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, wrapper(providerBinary, name), { mode: 0o755 });
    providerFiles.set(name, file);
  }
  const cliConfigFile = path.join(dir, 'terraform.rc');
  writeFileSync(cliConfigFile, cliConfig(mirrorDir));
  return { cliConfigFile, providerFiles };
}

function terraformPlatform({ os, architecture }: MirrorPlatform): string {
  const [system, machine] = [SYSTEMS[os], ARCHITECTURES[architecture]];
  if (system === undefined || machine === undefined) throw platformUnsupported(os, architecture);
  return `${system}_${machine}`;
}

/** Layout: https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror (unpacked). */
function mirrorPath(name: string, { source, version }: ProviderSchema, platform: string): string[] {
  if (!EXACT_VERSION.test(version)) throw versionNotExact(name, version);
  const parts = source.split('/');
  const [type, namespace = 'hashicorp', host = 'registry.terraform.io'] = parts.reverse();
  if (parts.length > 3 || parts.includes('') || type === undefined) throw sourceAddressInvalid(source);
  return [host, namespace, type, version, platform, `terraform-provider-${type}_v${version}`];
}

/** A wrapper, because the hash of a provider in the lock file must survive a new build of the program. */
function wrapper(providerBinary: string, name: string): string {
  return `#!/bin/sh\nexec ${shellQuote(providerBinary)} ${name}\n`;
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Without a `direct` method Terraform asks no registry at all. */
function cliConfig(mirrorDir: string): string {
  return [
    'disable_checkpoint = true',
    '',
    'provider_installation {',
    '  filesystem_mirror {',
    `    path = ${JSON.stringify(mirrorDir)}`,
    '  }',
    '}',
    '',
  ].join('\n');
}
