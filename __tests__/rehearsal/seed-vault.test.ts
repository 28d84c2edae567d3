import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { seedPreconditions } from '../../rehearsal/seed';
import { vaultPreconditions } from '../../rehearsal/seed-vault';
import type { StackFile } from '../../rehearsal/synthesized';
import { listWorld } from '../../rehearsal/world';
import { stackOf } from './support/stacks';

const ADDRESS = 'https://vault.example.com:8200';
const provider = { vault: [{ address: ADDRESS }] };

const titles = (...contents: Partial<StackFile>[]): string[] =>
  vaultPreconditions(contents.map((it) => stackOf('lab-x', it))).map((it) => it.title);

const opening = (name: string, locals: Record<string, string> = {}): Partial<StackFile> => ({
  provider,
  ephemeral: { vault_kv_secret_v2: { key: { mount: 'apps', name } } },
  locals: { ...locals, value: '${ephemeral.vault_kv_secret_v2.key.data["token"]}' },
});
/** As the program names a secret: by its whole path behind a local. */
const BEHIND_LOCAL = '${trimprefix(local.key-path, "apps/data/")}';

test('a secret that a stack opens by its literal name, and none makes, exists before', () => {
  expect(titles(opening('payment'))).toEqual(["secret 'apps/payment'"]);
  expect(titles(opening(BEHIND_LOCAL, { 'key-path': 'apps/data/team/payment' }))).toEqual([
    "secret 'apps/team/payment'",
  ]);
});

test('one that a stack makes, or whose name comes from another stack, does not', () => {
  const made = { resource: { vault_kv_secret_v2: { mine: { mount: 'apps', name: 'payment' } } } };
  expect(titles(opening('payment'), made)).toEqual([]);
  expect(titles(opening(BEHIND_LOCAL, { 'key-path': '${data.terraform_remote_state.up.outputs.path}' }))).toEqual([]);
});

/** A host that reads two keys of one secret, and another secret that a stack makes. */
const reading: Partial<StackFile> = {
  provider,
  resource: {
    vault_policy: {
      host: {
        policy: [
          ...['apps/data/team/store', 'apps/data/payment', '${vault_kv_secret_v2.join.path}'].map(
            (it) => `path "${it}" {\n  capabilities = ["read"]\n}\n`,
          ),
          'path "apps/data/marker" {\n  capabilities = ["create","read"]\n}\n',
        ].join(''),
      },
    },
    terraform_data: {
      host: { provisioner: [{ file: { content: "A='apps/team/store#access'\nB='apps/team/store#secret'\nC='1'\n" } }] },
    },
  },
};

test('a secret that people put there for hosts exists before, with the keys that their settings name', () => {
  const made = { resource: { vault_kv_secret_v2: { mine: { mount: 'apps', name: 'payment' } } } };
  expect(titles(reading, made)).toEqual(["secret 'apps/team/store'"]);
  const [seeded] = vaultPreconditions([stackOf('a', reading), stackOf('b', made)]);
  expect(seeded?.object).toMatchObject({
    id: 'apps/data/team/store',
    scope: ADDRESS,
    secrets: { data_json_wo: expect.stringMatching(/^\{"access":"[\w-]{32}","secret":"[\w-]{32}"\}$/) },
  });
});

test('one secret that two stacks open is put in place once, in its Vault, with the keys that are read', () => {
  const world = mkdtempSync(path.join(tmpdir(), 'drover-world-'));
  const stacks = [stackOf('a', opening('payment')), stackOf('b', opening('payment'))];
  expect(seedPreconditions(world, stacks)).toEqual(["secret 'apps/payment'"]);
  expect(seedPreconditions(world, stacks)).toEqual([]);
  const [found] = listWorld(world);
  const text = readFileSync(found?.file ?? '', 'utf8');
  expect(JSON.parse(text)).toMatchObject({
    type: 'vault_kv_secret_v2',
    id: 'apps/data/payment',
    scope: ADDRESS,
    attrs: { mount: 'apps', name: 'payment' },
    secrets: { data_json_wo: expect.stringMatching(/^\{"token":"[\w-]{32}"\}$/) },
  });
  rmSync(world, { recursive: true });
});
