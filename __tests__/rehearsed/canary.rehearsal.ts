import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { deployed, WORKSPACE } from './drover';
import { holdsSecret, huntJson, huntStates, secretsOf, unexpected } from './hunt';

function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(folder, file))
    .filter((file) => fs.statSync(file).isFile() && !file.includes(`${path.sep}.terraform${path.sep}`));
}

function terraform(cwd: string, ...args: string[]): string {
  const env = {
    ...process.env,
    TF_CLI_CONFIG_FILE: path.join(WORKSPACE, 'terraform.rc'),
    REHEARSAL_DIR: WORKSPACE,
    CHECKPOINT_DISABLE: '1',
  };
  const { status, stdout, stderr } = spawnSync('terraform', args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`terraform ${args.join(' ')}: ${stderr}`);
  return stdout;
}

let secrets: Set<string>;
beforeAll(() => {
  deployed();
  secrets = secretsOf(path.join(WORKSPACE, 'world'));
});

test('the simulated cloud holds the secrets that are hunted', () => {
  // Join secret, CA hash, deployer's token, Rancher's token, registration token and checksum, Grafana, the application's.
  expect(secrets.size).toBeGreaterThanOrEqual(8);
});

test('the hunt finds a secret that is planted', () => {
  const [secret = ''] = secrets;
  const state = { resources: [{ type: 'a', name: 'b', instances: [{ attributes: { c: { d: `x${secret}` } } }] }] };
  expect(huntJson('state', state, secrets)).toEqual([{ place: 'state', address: 'a.b.c' }]);
  expect(holdsSecret(Buffer.from(`user data with ${secret}`).toString('base64'), secrets)).toBe(true);
});

test('no synthesized file, asset or user data holds a secret', () => {
  const files = filesBelow(path.join(WORKSPACE, 'cdktf.out')).filter((file) => !/tfstate|\.plan/.test(file));
  expect(files.length).toBeGreaterThan(7);
  expect(files.filter((file) => holdsSecret(fs.readFileSync(file, 'utf8'), secrets))).toEqual([]);
});

test('no log of the rehearsal holds a secret', () => {
  const files = [...filesBelow(path.join(WORKSPACE, 'log')), path.join(WORKSPACE, 'events.jsonl')];
  expect(files.filter((file) => holdsSecret(fs.readFileSync(file, 'utf8'), secrets))).toEqual([]);
});

test('no state holds a secret but at the listed addresses', () => {
  const folder = path.join(WORKSPACE, 'state');
  expect(filesBelow(folder).filter((file) => file.includes('.tfstate')).length).toBeGreaterThanOrEqual(7);
  const finds = huntStates(folder, secrets);
  expect(unexpected(finds)).toEqual([]);
  // The exceptions are real: a list that nothing uses any more would hide the next leak.
  expect(new Set(finds.map(({ address }) => address.split('.')[0]))).toEqual(
    new Set(['random_password', 'rancher2_bootstrap', 'rancher2_cluster_v2']),
  );
});

test('no plan holds a secret but at the listed addresses', () => {
  const stacks = path.join(WORKSPACE, 'cdktf.out', 'stacks');
  const finds = fs.readdirSync(stacks).flatMap((stack) => {
    const cwd = path.join(stacks, stack);
    const file = path.join(cwd, 'canary.plan');
    try {
      terraform(cwd, 'plan', '-input=false', `-out=${file}`);
      return huntJson(stack, JSON.parse(terraform(cwd, 'show', '-json', file)), secrets);
    } finally {
      fs.rmSync(file, { force: true });
    }
  });
  expect(unexpected(finds)).toEqual([]);
});
