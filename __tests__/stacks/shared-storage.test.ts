import { App, Manifest } from 'cdktf';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseEnvironment } from '../../model/environment';
import { composeEnvironment } from '../../stacks/compose-environment';

const storage = (machine: string): string =>
  `    storage:\n      gluster:\n        brickGiB: 100\n        machine: ${machine}\n        mountPoint: /srv/shared\n`;

const aws = (more: string): string => `name: lab
domain: lab.example.com
dns: { zone: lab.example.com }
state: { kind: s3, bucket: example-drover-lab, region: eu-west-1, kmsKeyId: alias/drover-lab }
sites:
  eu: { platform: aws, region: eu-west-1, cidr: 10.20.0.0/16 }
management:
  site: eu
  hostname: rancher.lab.example.com
  servers: { machine: &machine { instanceType: m7i.large, image: ami-0a1b2c3d4e5f60718 } }
clusters:
  shop:
    site: eu
    servers: { machine: *machine }
    nodeGroups:
      web: { maxSize: 3, role: ingress, machine: *machine }
${more}`;

const azure = (more: string): string => `name: lab
domain: lab.example.com
dns: { zone: lab.example.com, resourceGroup: example-dns }
state: { kind: azurerm, resourceGroup: example, storageAccount: examplelab, container: states, location: westeurope }
sites:
  weu:
    platform: azure
    location: westeurope
    cidr: 10.30.0.0/16
    adminPublicKey: ssh-ed25519 ${'A'.repeat(68)} lab
management:
  site: weu
  hostname: rancher.lab.example.com
  servers: { machine: &machine { instanceType: Standard_D2s_v5, image: 'Canonical:ubuntu-24_04-lts:server:24.04.202606060' } }
clusters:
  shop:
    site: weu
    servers: { machine: *machine }
    nodeGroups:
      web: { maxSize: 3, role: ingress, machine: *machine }
${more}`;

interface Stack {
  readonly text: string;
  readonly warnings: readonly string[];
}

/** Stacks of a whole environment, as `cdktf synth` writes them. */
function synthesize(text: string): ReadonlyMap<string, Stack> {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'drover-storage-'));
  try {
    const app = new App({ outdir });
    composeEnvironment(app, parseEnvironment(text, 'lab.yaml'), []);
    app.synth();
    const { stacks } = JSON.parse(fs.readFileSync(path.join(outdir, Manifest.fileName), 'utf8')) as {
      stacks: Record<string, { synthesizedStackPath: string; annotations: { level: string; message: string }[] }>;
    };
    return new Map(
      Object.entries(stacks).map(([name, { synthesizedStackPath, annotations }]) => [
        name,
        {
          text: fs.readFileSync(path.join(outdir, synthesizedStackPath), 'utf8'),
          warnings: annotations.map(({ level, message }) => `${level}: ${message}`),
        },
      ]),
    );
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

describe.each([
  ['AWS', aws, 'aws_instance.machines_storage_g1_machine'],
  ['Azure', azure, 'azurerm_linux_virtual_machine.machines_storage_g1_machine'],
])('an environment on %s', (_, textOf, machine) => {
  const plain = synthesize(textOf(''));
  const sharing = synthesize(textOf(storage('*machine')));
  const [type = '', name = ''] = machine.split('.');

  test('gets storage nodes in the stack of its cluster, and shared volumes in that of its services', () => {
    const cluster = JSON.parse(sharing.get('lab-shop-cluster')?.text ?? '{}') as {
      resource: Record<string, Record<string, unknown>>;
    };
    expect(Object.keys(cluster.resource[type] ?? {}).filter((it) => it.startsWith(name))).toHaveLength(1);
    expect(sharing.get('lab-shop-services')?.text).toContain('\\"sharedFileSystemPath\\" = \\"/srv/shared/volumes\\"');
  });

  test('is not touched elsewhere', () => {
    const others = [...plain.keys()].filter((it) => it !== 'lab-shop-cluster' && it !== 'lab-shop-services');
    expect(others).toHaveLength(5);
    for (const stack of others) expect(sharing.get(stack)?.text).toBe(plain.get(stack)?.text);
    expect(sharing.size).toBe(plain.size);
  });

  test('keeps the default storage class of its platform', () => {
    const values = sharing.get('lab-shop-services')?.text ?? '';
    expect(values).toContain('defaultClass: false');
    expect(values.match(/is-default-class(\\")?["']?: ["']?(\\")?true/g) ?? []).toHaveLength(1);
  });

  test('is told at synth what it relies on, and only where it does', () => {
    const warning =
      "@cdktf/warn: cluster 'shop' keeps its files with GlusterFS, which has become slow upstream: releases 11.1 in 2023 and " +
      '11.2 in 2025, five people who work on it, no date for a next one; see docs/storage.md before files depend on it';
    expect(sharing.get('lab-shop-cluster')?.warnings).toEqual([warning]);
    expect([...plain.values()].flatMap(({ warnings }) => warnings)).toEqual([]);
  });

  test('has no number that became garbage and no reference that stayed unresolved', () => {
    for (const { text } of sharing.values()) expect(text).not.toMatch(/e\+298|TfToken/);
  });
});

test('the page that the warning names says where this is known from', () => {
  const page = fs.readFileSync('docs/storage.md', 'utf8');
  expect(page).toContain('https://github.com/gluster/glusterfs/issues/4662');
});
