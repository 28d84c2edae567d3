import { Testing } from 'cdktf';
import type { Environment } from '../../model/environment';
import { ManagementServersStack } from '../../stacks/management-servers-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { only, synthesized, type Synthesized } from '../support/synth';
import { labWith, workOf } from '../constructs/metal/fixture';

function build(of: Environment): Synthesized {
  const app = Testing.app();
  const { site } = new NetworkStack(app, of, 'hall');
  return synthesized(new ManagementServersStack(app, of, { site, siteEgress: [] }));
}

const staying = build(labWith());
/** Two of the three servers go; the last of three can't be one of two. */
const shrunk = ['hosts: [mgmt-01, mgmt-02, mgmt-03]', 'hosts: [mgmt-01]'] as const;
const leaving = build(labWith(shrunk, ['    hosts:\n', '    leaving: [mgmt-02, mgmt-03]\n    hosts:\n']));

interface Removing {
  readonly removed?: readonly {
    readonly from: string;
    readonly lifecycle: object;
    readonly provisioner: readonly unknown[];
  }[];
}

test('nothing is removed while every host stays', () => {
  expect(JSON.parse(staying.text)).not.toHaveProperty('removed');
});

test('a host that leaves takes the very work with it that would have ended its membership', () => {
  const { removed = [] } = JSON.parse(leaving.text) as Removing;
  expect(removed.map(({ from }) => from)).toEqual([
    'terraform_data.membership-mgmt-02',
    'terraform_data.membership-mgmt-03',
  ]);
  for (const { lifecycle, provisioner } of removed) {
    expect(lifecycle).toEqual({ destroy: true });
    expect(provisioner).toEqual(workOf(staying, 'membership-mgmt-02').provisioner);
  }
});

test('a host that leaves is no longer looked at', () => {
  const app = Testing.app();
  const environment = labWith(shrunk, ['    hosts:\n', '    leaving: [mgmt-02, mgmt-03]\n    hosts:\n']);
  const { text } = synthesized(new NetworkStack(app, environment, 'hall'));
  expect(text).toContain('preflight_mgmt-01_look');
  expect(text).not.toContain('preflight_mgmt-02_look');
});

test('hosts are remembered, and a plan that knows less of them is refused with their names', () => {
  const guard = only(staying.resource, 'terraform_data', 'roster_guard');
  const [{ condition = '', error_message: message = '' } = {}] = (
    guard['lifecycle'] as { precondition: { condition: string; error_message: string }[] }
  ).precondition;
  expect(condition).toMatch(/^\$\{length\(local\.roster_gone_\w+\) == 0\}$/);
  expect(message.replace(/local\.\w+/, 'GONE')).toBe(
    'hosts of cluster \'management\' are no longer in it and were not told to leave: ${join(", ", GONE)}; ' +
      "name them in 'leaving' of their site, apply, then take them out of its 'hosts'",
  );
  expect(only(staying.resource, 'vault_kv_secret_v2', 'roster_records_mgmt-02')).toMatchObject({
    name: 'lab/management/hosts/mgmt-02',
    delete_all_versions: true,
  });
});

test('those that are told to leave are known', () => {
  const { locals } = JSON.parse(leaving.text) as { locals: Record<string, string> };
  const [gone] = Object.entries(locals).filter(([name]) => name.startsWith('roster_gone'));
  expect(gone?.[1]).toContain('[".roster","mgmt-01","gate-01","gate-02","mgmt-02","mgmt-03"]');
});

test('every host waits for that refusal, and is forgotten only after it has left', () => {
  const names = (addresses: readonly string[] = []): string[] => addresses.map((it) => it.replace(/_[0-9A-F]{8}$/, ''));
  for (const host of ['gate-01', 'gate-02', 'mgmt-01', 'mgmt-03']) {
    expect(names(workOf(staying, `_${host}_bundle_`).depends_on)).toContain('terraform_data.roster_guard');
    const before = names(workOf(staying, `membership-${host}`).depends_on);
    expect(before).toContain(`vault_kv_secret_v2.roster_records_${host}`);
  }
});
