import { Testing } from 'cdktf';
import type { Environment } from '../../model/environment';
import { MachinesStack } from '../../stacks/machines-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { only, synthesized, type Synthesized } from '../support/synth';
import { labWith, settingsOf, workOf } from '../constructs/metal/fixture';

const host = (name: string, address: string): string =>
  `      ${name}: { address: ${address}, hostKey: *authority, disks: { data: "serial:LAB-${name}" } }\n`;

function withMachines(machines: string, more: readonly (readonly [string, string])[] = []): Environment {
  const added = `    machines:\n${machines}    hosts:\n${host('files-01', '10.40.0.91')}${host('cache-01', '10.40.0.92')}`;
  return labWith(['    hosts:\n', added], ...more);
}

function built(environment: Environment): Synthesized {
  const app = Testing.app();
  const { site } = new NetworkStack(app, environment, 'hall');
  return synthesized(new MachinesStack(app, environment, 'hall', site));
}

const FILES =
  '      files: { host: files-01, dataDisk: { mountPoint: /srv/files }, open: [{ port: 2049, cidrs: [10.40.0.0/24] }] }\n';
const CACHE = '      cache: { host: cache-01 }\n';
const stack = built(withMachines(FILES + CACHE));

test('a host is told its site, its disk and whom it lets in, and of no cluster', () => {
  const told = settingsOf(workOf(stack, 'each_files_host_bundle'));
  expect(told).toMatchObject({
    DROVER_ROLE: 'machine',
    DROVER_SITE: 'hall',
    DROVER_NODE: 'files-01',
    DATA_VOLUME_ID: 'serial:LAB-files-01',
    DATA_MOUNT: '/srv/files',
    FIREWALL_RULES: 'tcp:2049:10.40.0.0/24',
    FIREWALL_SSH_FROM: '10.40.0.0/24',
    STEPS: '10-host 14-firewall 20-data-disk',
  });
  expect(told).not.toHaveProperty('DROVER_CLUSTER');
});

test('a disk that nobody asked for is left alone, and nothing is open but SSH', () => {
  const told = settingsOf(workOf(stack, 'each_cache_host_bundle'));
  expect(told).toMatchObject({ FIREWALL_RULES: '', STEPS: '10-host 14-firewall' });
  expect(told).not.toHaveProperty('DATA_VOLUME_ID');
});

test('hosts are brought their scripts beside each other, and what one is told changes no other', () => {
  const work = workOf(stack, 'each_files_host_bundle');
  expect(JSON.stringify(work.depends_on)).not.toContain('each_cache');
  const hooked = built(withMachines(FILES + '      cache: { host: cache-01, hooks: { after: [tools/test.sh] } }\n'));
  const shaOf = (from: Synthesized, name: string): unknown =>
    workOf(from, `each_${name}_host_bundle`).triggers_replace?.[0];
  expect(shaOf(hooked, 'files')).toBe(shaOf(stack, 'files'));
  expect(shaOf(hooked, 'cache')).not.toBe(shaOf(stack, 'cache'));
});

test('its identity in Vault is its own, of use from its address alone, and reads nothing', () => {
  const role = only(stack.resource, 'vault_approle_auth_backend_role', 'machines_each_files');
  expect(role).toMatchObject({
    role_name: 'drover.lab.hall.machines.files-01',
    secret_id_bound_cidrs: ['10.40.0.91/32'],
  });
  expect(only(stack.resource, 'vault_policy', 'machines_each_files')).toMatchObject({ policy: '# nothing' });
});

test('machines are remembered, and a plan that knows less of them is refused', () => {
  expect(only(stack.resource, 'vault_kv_secret_v2', 'machines_roster_records_files-01')).toMatchObject({
    name: 'lab/hall/machines/hosts/files-01',
  });
  const { locals, text } = { ...(JSON.parse(stack.text) as { locals: Record<string, string> }), text: stack.text };
  const [gone] = Object.entries(locals).filter(([name]) => name.startsWith('machines_roster_gone'));
  expect(gone?.[1]).toContain('[".roster","files-01","cache-01"]');
  expect(text).toContain("hosts of site 'hall' are no longer among its machines and were not told to leave: ");
});

test('a machine that leaves ends as a host of a cluster does', () => {
  const left = built(withMachines(`${CACHE}    leaving: [files-01]\n`));
  const { removed } = JSON.parse(left.text) as { removed: { from: string; provisioner: unknown[] }[] };
  expect(removed.map(({ from }) => from)).toEqual(['terraform_data.membership-files-01']);
  expect(removed[0]?.provisioner).toEqual(workOf(stack, 'membership-files-01').provisioner);
});
