import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ProviderSchema } from '../../../rehearsal/schemas/provider-schema';
import { writeMirror } from '../../../rehearsal/schemas/write-mirror';
import { temporaryFolder } from './project';

const folder = temporaryFolder();
const linux = { os: 'linux', architecture: 'x64' };

function providerOf(source: string, version = '1.2.3'): ProviderSchema {
  return {
    source,
    version,
    provider: { version: 0, block: { attributes: {} } },
    resource_schemas: { acme_thing: { version: 0, block: { attributes: { id: { type: 'string', computed: true } } } } },
    data_source_schemas: {},
    ephemeral_resource_schemas: {},
  };
}

function mirrorOf(name: string, source: string, version?: string): ReturnType<typeof writeMirror> {
  const schemas = new Map([[name, providerOf(source, version)]]);
  return writeMirror({
    dir: path.join(folder, name),
    providerBinary: '/opt/drover-provider',
    schemas,
    platform: linux,
  });
}

describe('a mirror', () => {
  test.each([
    ['aws', 'aws', 'registry.terraform.io/hashicorp/aws/1.2.3/linux_amd64/terraform-provider-aws_v1.2.3'],
    [
      'random',
      'hashicorp/random',
      'registry.terraform.io/hashicorp/random/1.2.3/linux_amd64/terraform-provider-random_v1.2.3',
    ],
    [
      'rancher2',
      'rancher/rancher2',
      'registry.terraform.io/rancher/rancher2/1.2.3/linux_amd64/terraform-provider-rancher2_v1.2.3',
    ],
    [
      'acme',
      'registry.acme.example/tools/acme',
      'registry.acme.example/tools/acme/1.2.3/linux_amd64/terraform-provider-acme_v1.2.3',
    ],
  ])('holds the provider %s of source %s where Terraform looks for it', (name, source, expected) => {
    const { providerFiles } = mirrorOf(name, source);
    expect(providerFiles.get(name)).toBe(path.join(folder, name, 'mirror', expected));
    expect(statSync(providerFiles.get(name) ?? '').mode & 0o111).toBe(0o111);
  });

  test.each([
    [{ os: 'darwin', architecture: 'arm64' }, 'darwin_arm64'],
    [{ os: 'linux', architecture: 'arm64' }, 'linux_arm64'],
  ])('follows the platform %j', (platform, expected) => {
    const dir = path.join(folder, expected);
    const { providerFiles } = writeMirror({
      dir,
      providerBinary: '/opt/drover-provider',
      schemas: new Map([['aws', providerOf('aws')]]),
      platform,
    });
    expect(providerFiles.get('aws')?.split(path.sep)).toContain(expected);
  });

  test('starts the one program with the name of the provider, also from a folder with a quote and a space', () => {
    const binary = path.join(folder, "it's here", 'drover-provider');
    mkdirSync(path.dirname(binary), { recursive: true });
    writeFileSync(binary, '#!/bin/sh\necho "started as $1 in $REHEARSAL_DIR"\n');
    chmodSync(binary, 0o755);
    const { providerFiles } = writeMirror({
      dir: path.join(folder, 'started'),
      providerBinary: binary,
      schemas: new Map([['rancher2', providerOf('rancher/rancher2')]]),
    });
    const output = execFileSync(providerFiles.get('rancher2') ?? '', {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', REHEARSAL_DIR: '/rehearsal' },
    });
    expect(output).toBe('started as rancher2 in /rehearsal\n');
  });

  test('is all that the CLI configuration knows, and nothing is asked of the network', () => {
    const { cliConfigFile } = mirrorOf('kubernetes', 'kubernetes');
    const mirrorDir = path.join(folder, 'kubernetes', 'mirror');
    expect(readFileSync(cliConfigFile, 'utf8')).toBe(
      `disable_checkpoint = true\n\nprovider_installation {\n  filesystem_mirror {\n    path = "${mirrorDir}"\n  }\n}\n`,
    );
  });

  test('has the schemas of each provider beside it', () => {
    mirrorOf('helm', 'helm', '3.1.1');
    const written: unknown = JSON.parse(readFileSync(path.join(folder, 'helm', 'schemas', 'helm.json'), 'utf8'));
    expect(written).toEqual(providerOf('helm', '3.1.1'));
  });

  test('replaces what an earlier run left', () => {
    mirrorOf('tls', 'tls', '4.0.0');
    const { providerFiles } = mirrorOf('tls', 'tls', '4.1.0');
    const now = providerFiles.get('tls') ?? '';
    expect(existsSync(now)).toBe(true);
    expect(existsSync(now.replaceAll('4.1.0', '4.0.0'))).toBe(false);
  });
});

describe('a mirror refuses', () => {
  test('a platform that it has no name for', () => {
    const schemas = new Map([['aws', providerOf('aws')]]);
    const platform = { os: 'win32', architecture: 'x64' };
    expect(() => writeMirror({ dir: folder, providerBinary: 'x', schemas, platform })).toThrow(
      "no provider mirror for 'win32' on 'x64', but only linux and darwin on x64 and arm64; rehearse on one of these",
    );
  });

  test.each(['', 'hashicorp/', 'a/b/c/d'])("the source address '%s'", (source) => {
    expect(() => mirrorOf('bad', source)).toThrow(
      `provider source '${source}' is not of the form '<type>', '<namespace>/<type>' or '<host>/<namespace>/<type>'; ` +
        `correct required_providers`,
    );
  });

  test('a version that is not exact', () => {
    expect(() => mirrorOf('loose', 'loose', '~> 3.1')).toThrow(
      "provider 'loose' has version '~> 3.1', but a mirror needs an exact one such as '1.2.3'; pin it in its bindings",
    );
  });
});
