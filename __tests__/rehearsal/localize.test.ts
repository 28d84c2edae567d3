import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { leadToEntry, localize, localizeStacks } from '../../rehearsal/localize';
import { readStackFolders, readStacks, remoteStatesOf, stateFileOf } from '../../rehearsal/synthesized';
import { s3Backend, stackOf, writeOut } from './support/stacks';

const KEY = 'dev/dev-eu-network.tfstate';
const remote = (backend: string, key: string) => ({
  terraform_remote_state: {
    up: { backend, config: { bucket: 'acme', region: 'eu-west-1', key }, workspace: 'default' },
  },
});

test('a remote backend becomes a local file with a name that a person knows', () => {
  const local = localize(
    'dev-eu-network',
    { terraform: { backend: s3Backend(KEY), required_version: '>= 1.11.0' } },
    '/state',
  );
  expect(stateFileOf(local)).toMatch(/^\/state\/dev-eu-network~[0-9a-f]{8}\.tfstate$/);
  expect(local.terraform).toMatchObject({ required_version: '>= 1.11.0' });
  expect(Object.keys(local.terraform.backend ?? {})).toEqual(['local']);
});

test('a stack reads exactly the file that the other one writes', () => {
  const writer = localize('dev-eu-network', { terraform: { backend: s3Backend(KEY) } }, '/state');
  const reader = localize(
    'dev-x',
    { terraform: { backend: s3Backend('dev/dev-x.tfstate') }, data: remote('s3', KEY) },
    '/state',
  );
  const [[name, state] = []] = remoteStatesOf(reader);
  expect([name, state]).toEqual([
    'up',
    { backend: 'local', config: { path: stateFileOf(writer) }, workspace: 'default' },
  ]);
});

test('two states of one name in different buckets stay two files', () => {
  const one = localize(
    'a',
    { terraform: { backend: { s3: { bucket: 'one', region: 'eu-west-1', key: KEY } } } },
    '/state',
  );
  const other = localize(
    'a',
    { terraform: { backend: { s3: { bucket: 'two', region: 'eu-west-1', key: KEY } } } },
    '/state',
  );
  expect(stateFileOf(one)).not.toBe(stateFileOf(other));
});

test('a state in an Azure container becomes a local file, too, and its readers find it', () => {
  const place = { storage_account_name: 'acme', container_name: 'states', resource_group_name: 'acme-states' };
  const key = 'staging/staging-weu-network.tfstate';
  const writer = localize(
    'staging-weu-network',
    { terraform: { backend: { azurerm: { ...place, key, use_azuread_auth: true } } } },
    '/state',
  );
  expect(stateFileOf(writer)).toMatch(/^\/state\/staging-weu-network~[0-9a-f]{8}\.tfstate$/);
  const up = { terraform_remote_state: { up: { backend: 'azurerm', config: { ...place, key } } } };
  const reader = localize(
    'staging-x',
    { terraform: { backend: { azurerm: { ...place, key: 'x' } } }, data: up },
    '/state',
  );
  expect(remoteStatesOf(reader)).toEqual([['up', { backend: 'local', config: { path: stateFileOf(writer) } }]]);
});

test('what was local already stays readable, and no empty block appears', () => {
  const local = localize('a', { terraform: { backend: { local: { path: '/state/a~1.tfstate' } } } }, '/state');
  expect(local).toEqual({ terraform: { backend: { local: { path: '/state/a~1.tfstate' } } } });
});

test('a backend that it does not know is refused by name', () => {
  expect(() => localize('dev-x', { terraform: { backend: { gcs: {} } } }, '/state')).toThrow(
    "stack 'dev-x' keeps its state in 'gcs', which the rehearsal cannot replace; it knows 's3', 'azurerm' and 'local'",
  );
});

describe('a synthesized folder', () => {
  const out = mkdtempSync(path.join(tmpdir(), 'drover-out-'));
  afterAll(() => rmSync(out, { recursive: true }));

  test('is localized in place, and its order can be told without the manifest', () => {
    const backend = (name: string) => ({ terraform: { backend: s3Backend(`dev/${name}.tfstate`) } });
    writeOut(out, [
      stackOf('dev-a-last', { ...backend('dev-a-last'), data: remote('s3', 'dev/dev-z-first.tfstate') }, [
        'dev-z-first',
      ]),
      stackOf('dev-z-first', backend('dev-z-first')),
    ]);
    localizeStacks(out, '/state');
    const expected = [
      ['dev-z-first', []],
      ['dev-a-last', ['dev-z-first']],
    ];
    expect(readStacks(out).map((it) => [it.name, it.dependencies])).toEqual(expected);
    expect(readStackFolders(out).map((it) => [it.name, it.dependencies])).toEqual(expected);
  });

  test('leads to the simulated machines of the run, and in a later one to its own', () => {
    const connection = { type: 'ssh', host: '10.40.0.11', host_key: 'real' };
    const backend = { terraform: { backend: s3Backend('lab/lab-x.tfstate') } };
    const resource = { terraform_data: { bundle: { connection } } };
    writeOut(out, [stackOf('lab-x', { ...backend, resource })]);
    const reached = () => readStacks(out)[0]?.content.resource?.['terraform_data']?.['bundle'];
    localizeStacks(out, '/state', { port: 1, hostKey: 'first' });
    expect(reached()).toMatchObject({ connection: { host: '10.40.0.11', bastion_port: 1, host_key: 'first' } });
    leadToEntry(readStackFolders(out), { port: 2, hostKey: 'second' });
    expect(reached()).toMatchObject({ connection: { host: '10.40.0.11', bastion_port: 2, host_key: 'second' } });
    expect(stateFileOf(readStacks(out)[0]?.content ?? { terraform: {} })).toMatch(/^\/state\/lab-x~/);
  });
});
