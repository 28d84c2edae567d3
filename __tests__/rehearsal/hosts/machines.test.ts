import { machineTable, readMachines } from '../../../rehearsal/hosts/machines';
import { TestProject } from '../support/project';

const project = new TestProject();
afterAll(() => project.remove());
const write = (name: string, rest: object): void =>
  project.write(
    `ws/lab/machines/i-${name}.json`,
    JSON.stringify({ id: `i-${name}`, name, state: 'running', launched: '2026-01-01T10:00:00Z', ...rest }),
  );
const step = (name: string, seconds: number, rest: object = {}) => ({
  name,
  started: '2026-01-01T10:00:06Z',
  seconds,
  result: 'ok',
  ...rest,
});

test('a rehearsal that never had hosts has no machines', () => {
  expect(readMachines(project.file('none'))).toEqual([]);
});

test('of a machine that was there before, times count from its first step', () => {
  const times = { started: '2026-01-01T11:00:00Z', updated: '2026-01-01T11:00:04Z' };
  const machine = {
    id: 'metal-hall-kv-01',
    name: 'kv-01',
    isBare: true,
    state: 'running',
    launched: '2026-01-01T10:00:00Z',
  };
  const file = JSON.stringify({ ...machine, bootstrap: { ...times, result: 'ok', steps: [step('10-host', 3)] } });
  project.write('metal/lab/machines/metal-hall-kv-01.json', file);
  const [, row] = machineTable(readMachines(project.file('metal'))).split('\n');
  expect(row?.split(/ {2,}/).slice(0, 7)).toEqual(['kv-01', 'running', '-', '3.0 s', '0.0 s', '0.0 s', '4.0 s']);
});

test('each machine is told with its times, its steps and what it came to', () => {
  const bootstrap = { started: '2026-01-01T10:00:05Z', updated: '2026-01-01T10:00:25.5Z' };
  write('s2', {
    bootstrap: { ...bootstrap, result: 'failed:20-data-disk', steps: [step('20-data-disk', 3, { result: 'failed' })] },
  });
  const install = step('50-rke2-install', 3.21, { waited: 0, downloaded: 0.42 });
  const health = step('80-health', 12, { waited: 11.5, downloaded: 0 });
  write('s1', { bootstrap: { ...bootstrap, result: 'ok', steps: [install, health] } });
  write('w1', {
    group: 'workers',
    lifecycle: 'Pending:Wait',
    bootstrap: { ...bootstrap, result: 'running', steps: [] },
  });
  write('w2', { group: 'workers', lifecycle: 'Pending', state: 'pending', bootstrap: null });
  write('gone', { state: 'terminated' });
  expect(machineTable(readMachines(project.file('ws'))).split('\n')).toEqual([
    'machine  state          boot    own  download    wait   total  bootstrap            steps',
    's1       running       5.0 s  3.3 s     0.4 s  11.5 s  25.5 s  ok                   50-rke2-install 3.2 s, 80-health 12.0 s',
    's2       running       5.0 s  3.0 s     0.0 s   0.0 s  25.5 s  failed:20-data-disk  20-data-disk 3.0 s (failed)',
    'w1       Pending:Wait  5.0 s  0.0 s     0.0 s   0.0 s       -  running',
    'w2       Pending           -      -         -       -       -  -',
  ]);
});
