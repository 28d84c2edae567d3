import fs from 'node:fs';
import path from 'node:path';
import { readProvisionedHosts } from '../../rehearsal/provisioned-hosts';
import { listWorld } from '../../rehearsal/world';
import { lines, rehearsalOf, type Edit } from './drover';
import { huntStates, secretsOf, unexpected } from './hunt';
import { madeByType, wantedByType } from './world';

const { workspace, rehearse } = rehearsalOf('lab');

const WORKERS = '      workers:\n        hosts: [work-01]\n';
const LABELLED: Edit = [WORKERS, `${WORKERS}        labels: {shift: night}\n`];
/** Takes the group with its host out of the cluster. */
const WITHOUT_WORKERS: Edit = [WORKERS, ''];
const LEAVING: Edit = ['    cidr: 10.40.0.0/24\n', '    cidr: 10.40.0.0/24\n    leaving: [work-01]\n'];

const hostsOf = (cluster: string): string[] =>
  readProvisionedHosts(workspace.world)
    .filter((it) => it.cluster === cluster)
    .map((it) => it.name);

/** How often each host was brought something, by its name. */
function bootstraps(): Record<string, number> {
  const hosts = listWorld(workspace.world).filter((it) => it.type === 'metal_host');
  const attrs = hosts.map((it) => JSON.parse(fs.readFileSync(it.file, 'utf8')) as { attrs: Record<string, unknown> });
  return Object.fromEntries(attrs.map((it) => [String(it.attrs['name']), Number(it.attrs['bootstraps'])]));
}

/** What logins have said to hosts, in order, without what Terraform itself says. */
function commands(): string[] {
  const events = fs.readFileSync(path.join(workspace.dir, 'events.jsonl'), 'utf8').trim().split('\n');
  return events
    .map((it) => JSON.parse(it) as { op: string; id?: string })
    .filter(({ op, id = '' }) => op === 'exec' && !id.includes(' chmod '))
    .map(({ id = '' }) => id);
}

/** What was said to one of them. */
function commandsTo(address: string): string[] {
  return commands().flatMap((it) => (it.startsWith(`${address} `) ? [it.slice(address.length + 1)] : []));
}

/** Addresses in the order in which such a word was last said to them. */
function inOrderOf(word: string): string[] {
  const said = commands().flatMap((it) => (it.includes(word) ? [it.split(' ')[0] ?? ''] : []));
  return [...new Set(said.reverse())].reverse();
}

describe('the example environment on metal, deployed in rehearsal', () => {
  test('goes on where a host failed, and is then whole: every second plan is empty', () => {
    fs.rmSync(workspace.dir, { recursive: true, force: true });
    const failed = rehearse(['--fail', 'metal_host=1']);
    expect(failed).toMatchObject({ code: 1, ok: false });
    expect(JSON.stringify(failed.failures)).toContain('remote-exec provisioner error');

    const up = rehearse([]);
    expect(up).toMatchObject({ code: 0, ok: true });
    expect(up.hosts).toContainEqual({ name: 'work-01', site: 'hall', cluster: 'plant' });
    expect(up.stacks?.map(({ name }) => name)).toEqual([
      'lab-hall-network',
      'lab-management-servers',
      'lab-management-rancher',
      'lab-management-policy',
      'lab-plant-cluster',
      'lab-plant-services',
      'lab-plant-apps',
    ]);
    for (const stack of up.stacks ?? []) {
      expect(stack).toMatchObject({ state: 'done', secondPlan: { changes: [], errors: [] } });
    }
    expect(madeByType(workspace)).toEqual({ ...wantedByType(workspace), metal_host: 15 });
  });

  test('has each host in its cluster, looked at before and let in once', () => {
    expect(hostsOf('management')).toEqual(['gate-01', 'gate-02', 'mgmt-01', 'mgmt-02', 'mgmt-03']);
    expect(hostsOf('plant')).toEqual([
      'brick-01',
      'brick-02',
      'brick-03',
      'door-01',
      'door-02',
      'plant-01',
      'plant-02',
      'plant-03',
      'web-01',
      'work-01',
    ]);
    expect(commandsTo('10.40.0.41')).toEqual([
      expect.stringMatching(/^bash drover-preflight\.sh .*--address 10\.40\.0\.41 /),
      expect.stringMatching(/^sudo bash drover-enter\.sh drover-[0-9a-f]{12}\.tar [0-9a-f]{64} drover-plant\.env /),
    ]);
  });

  test('has storage nodes before the nodes that mount from them, one after the other', () => {
    const nodes = ['10.40.0.31', '10.40.0.32', '10.40.0.33', '10.40.0.41', '10.40.0.42'];
    const storage = ['10.40.0.62', '10.40.0.63', '10.40.0.61'];
    const came = inOrderOf('drover-enter.sh').filter((it) => [...nodes, ...storage].includes(it));
    expect(came.slice(0, 3)).toEqual(storage);
    expect(came.slice(3).sort()).toEqual(nodes);
  });

  test('keeps secrets in its Vault and in no state but at the listed addresses', () => {
    const secrets = secretsOf(workspace.world);
    expect(secrets.size).toBeGreaterThanOrEqual(5);
    expect(secrets).not.toContain('pending');
    expect(unexpected(huntStates(workspace.state, secrets))).toEqual([]);
  });

  test('a changed setting of a group is brought to its host alone, with a new secret to log in', () => {
    expect(lines(rehearse(['--plan'], LABELLED))).toEqual([
      'replace terraform_data.machines_groups_workers_work-01_bundle',
      'replace vault_approle_auth_backend_role_secret_id.machines_groups_workers_work-01_role_secret-id',
    ]);
    const before = bootstraps();
    expect(rehearse([], LABELLED)).toMatchObject({ code: 0, ok: true });
    expect(bootstraps()).toEqual({ ...before, 'work-01': 2 });
  });

  test('a host that disappears without being told to leave is refused by name', () => {
    const plan = rehearse(['--plan'], WITHOUT_WORKERS);
    expect(plan.ok).toBe(false);
    expect(JSON.stringify(plan.stacks)).toContain(
      "hosts of cluster 'plant' are no longer in it and were not told to leave: work-01",
    );
  });

  test('a host that is told to leave does so, and comes back like a new one', () => {
    expect(rehearse([], WITHOUT_WORKERS, LEAVING)).toMatchObject({ code: 0, ok: true });
    expect(hostsOf('plant')).not.toContain('work-01');
    expect(commandsTo('10.40.0.41').at(-1)).toContain('sudo /opt/drover/bundle/leave-cluster.sh');
    expect(rehearse([])).toMatchObject({ code: 0, ok: true });
    expect(bootstraps()['work-01']).toBe(1);
  });

  test('is taken away whole: every host has left, and Vault remembers nothing', () => {
    expect(rehearse(['--down'])).toMatchObject({ code: 0, ok: true, leftovers: [], kept: [] });
  });
});
