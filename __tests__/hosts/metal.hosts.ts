import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { listWorld } from '../../rehearsal/world';
import { waitUntil } from './lab';
import { changedData, drover, inside, kubectl, lab, machines, nodes, terraform, workspace } from './metal';

const CA = ['--ca-from', 'mgmt-02:/var/lib/rancher/rke2/server/tls/server-ca.crt'];
const PING = 'https://rancher.lab.example.com/ping';
const ACTIVE = ['systemctl', 'is-active', '--quiet'];
const ready = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((it) => [it, 'Ready']));
const told = (what: string, since: number): void =>
  console.log(`${what}: ${((Date.now() - since) / 1000).toFixed(1)} s`);

/** How many of some requests to an address failed. */
function failedOf(url: string, ...options: readonly string[]): number {
  const { stdout, stderr, code } = lab('load', '--rate', '5', '--seconds', '2', ...options, url);
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { failed: number }).failed;
}

/** Whether each of three hosts lacks nothing that another has. */
function copiesAreComplete(): boolean {
  const { stdout } = inside('brick-02', 'gluster', 'volume', 'heal', 'shared', 'info');
  return stdout.match(/^Number of entries: 0$/gm)?.length === 3;
}

/** Another host in the place of the worker. */
const other = changedData(
  ['      work-01:\n        address: 10.40.0.41', '      work-02:\n        address: 10.40.0.43'],
  ['        hosts: [work-01]', '        hosts: [work-02]'],
);

beforeAll(() => drover(['--down']));
afterAll(() => rmSync(other, { recursive: true, force: true }));

test('a deploy provisions fifteen hosts by SSH, and the second plans are empty', () => {
  const since = Date.now();
  const { code, stdout, stderr } = drover(['--hosts', '--json']);
  if (code !== 0) throw new Error(`${stderr}\n${stdout}`);
  told('deployed', since);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true });
  expect(machines().map((it) => it.bootstrap?.result)).toEqual(Array<string>(15).fill('ok'));
});

test('both clusters have exactly their hosts as Ready nodes, under ids of their own', async () => {
  const plant = ready('plant-01', 'plant-02', 'plant-03', 'web-01', 'work-01');
  const management = ready('mgmt-01', 'mgmt-02', 'mgmt-03');
  await waitUntil('the nodes of the plant are Ready', () => isDeepStrictEqual(nodes('plant-01'), plant), 180);
  await waitUntil('the servers are Ready', () => isDeepStrictEqual(nodes('mgmt-01'), management), 180);
  const id = kubectl('plant-01', 'get', 'node', 'work-01', '--output', 'jsonpath={.spec.providerID}');
  expect(id.stdout).toBe('metal://hall/work-01');
});

test('every server tells RKE2 of the store for its snapshots, in a file that root alone reads, and no worker does', () => {
  const file = '/etc/rancher/rke2/config.yaml.d/45-snapshots.yaml';
  for (const host of ['mgmt-01', 'mgmt-02', 'plant-01', 'plant-03']) {
    expect(inside(host, 'stat', '--format', '%a %U', file).stdout).toBe('600 root\n');
    expect(inside(host, 'cat', file).stdout).toContain('etcd-s3-bucket: "drover-lab-snapshots"\n');
  }
  expect(inside('work-01', 'test', '-e', file).code).toBe(1);
});

test('the virtual address answers by its names, and nobody passes it by', () => {
  expect(failedOf('https://api.management.lab.example.com:6443/version', ...CA)).toBe(0);
  expect(failedOf(PING)).toBe(0);
  // The firewall of a server lets in the pair and the other servers, not the rest of the network.
  expect(failedOf('https://10.40.0.11:6443/version', ...CA)).toBe(10);
});

test('the virtual address answers through the loss of either host of a pair', async () => {
  for (const gate of ['gate-01', 'gate-02']) {
    expect(lab('cut', gate).code).toBe(0);
    const away = await waitUntil('the other host has the address', () => failedOf(PING) === 0, 60);
    console.log(`${gate} without power: all requests answered again ${away.toFixed(1)} s later`);
    expect(lab('start', gate).code).toBe(0);
    await waitUntil(`${gate} keeps the address again`, () => inside(gate, ...ACTIVE, 'keepalived').code === 0, 180);
  }
});

test('a file of one node is read on another through the power cut of a host that keeps a copy', async () => {
  expect(inside('work-01', 'sh', '-c', 'echo before >/mnt/gluster/proof').code).toBe(0);
  expect(inside('web-01', 'cat', '/mnt/gluster/proof').stdout).toBe('before\n');
  expect(lab('cut', 'brick-01').code).toBe(0);
  const since = Date.now();
  expect(inside('web-01', 'sh', '-c', 'echo during >>/mnt/gluster/proof').code).toBe(0);
  told('written with two copies', since);
  expect(inside('work-01', 'cat', '/mnt/gluster/proof').stdout).toBe('before\nduring\n');
  expect(lab('start', 'brick-01').code).toBe(0);
  const healed = await waitUntil('all copies are complete', copiesAreComplete, 300);
  console.log(`healed ${healed.toFixed(1)} s after the power was back`);
  expect(inside('brick-01', 'cat', '/srv/gluster/b1/brick/proof').stdout).toBe('before\nduring\n');
});

test('what a role does not grant is refused: a worker does not read the secret of the management servers', () => {
  const script = [
    'set -a; . /etc/drover/bootstrap.env; set +a; export BOOTSTRAP_LIB=/opt/drover/bundle/lib.sh',
    '. "$BOOTSTRAP_LIB"; . "$LIB_DIR/vault.sh"; vault_get drover/lab/management/join',
  ].join('; ');
  const asked = inside('work-01', 'bash', '-c', script);
  expect(asked.code).not.toBe(0);
  expect(asked.stderr + asked.stdout).toContain('permission denied');
  expect(inside('mgmt-02', 'bash', '-c', script).code).toBe(0);
});

test('a host that has lost its power is noticed, and another one takes its place', async () => {
  lab('lose', 'work-01');
  const noticed = await waitUntil('its node is NotReady', () => nodes('plant-01')['work-01'] === 'NotReady', 300);
  console.log(`noticed after ${noticed.toFixed(1)} s`);
  // As docs/metal.md says of a host that is dead.
  expect(kubectl('plant-01', 'delete', 'node', 'work-01', '--wait=false').code).toBe(0);
  expect(terraform('lab-plant-cluster', 'state', 'rm', 'terraform_data.membership-work-01')).toMatchObject({ code: 0 });
  const record = listWorld(workspace.world).find((it) => it.id.endsWith('/lab/plant/hosts/work-01'));
  rmSync(record?.file ?? '');
  const since = Date.now();
  const { code, stdout, stderr } = drover(['--hosts', '--json'], other);
  if (code !== 0) throw new Error(`${stderr}\n${stdout}`);
  const plant = ready('plant-01', 'plant-02', 'plant-03', 'web-01', 'work-02');
  await waitUntil('the other host is Ready among the others', () => isDeepStrictEqual(nodes('plant-01'), plant), 180);
  told('in its place', since);
});

test('taking it down lets every host leave, and leaves no process, mount, loop device or control group', () => {
  const since = Date.now();
  const { code, stdout, stderr } = drover(['--down']);
  if (code !== 0) throw new Error(stderr + stdout);
  told('taken down', since);
  const left = (command: string): string[] =>
    spawnSync('bash', ['-c', command], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((it) => it.includes(workspace.dir));
  expect(left('ps -eo args | grep -v grep')).toEqual([]);
  expect(left('cat /proc/mounts')).toEqual([]);
  expect(left('losetup --list --noheadings --output BACK-FILE')).toEqual([]);
});
