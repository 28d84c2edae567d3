import { faultsJson, faultsText } from '../../cli/fault-text';
import { faultsOn } from '../../rehearsal/hosts/faults/all';
import { diskFormatted } from '../../rehearsal/hosts/faults/disk-formatted';
import { reboot } from '../../rehearsal/hosts/faults/reboot';
import type { FaultRun } from '../../rehearsal/hosts/faults/run-faults';
import { TestProject } from '../rehearsal/support/project';
import { drover } from './support/drover';

const project = new TestProject();
beforeAll(() => project.linkRepository());
afterAll(() => project.remove());

test('--faults lists every fault that fits and touches nothing', async () => {
  const { code, out } = await drover(project, ['rehearse', 'dev', '--faults']);
  expect(code).toBe(0);
  expect(out).toContain(
    [
      `reboot (healed, within ${reboot.boundSec} s)`,
      '  does:     a worker is restarted',
      '  expected: its node is Ready as it was',
    ].join('\n'),
  );
  for (const { name } of faultsOn('cloud')) expect(out).toContain(`${name} (`);
  expect(out).not.toContain('gate-power-cut');
});

test('on metal there are others', async () => {
  const { out } = await drover(project, ['rehearse', 'lab', '--faults']);
  expect(out.match(/^\S+(?= \()/gm)).toEqual(faultsOn('metal').map((it) => it.name));
});

test('--faults --json lists them for a program', async () => {
  const { out } = await drover(project, ['rehearse', 'dev', '--faults', '--json']);
  expect(JSON.parse(out)).toContainEqual({
    name: 'reboot',
    does: reboot.does,
    end: 'healed',
    expected: reboot.expected,
    boundSec: reboot.boundSec,
  });
});

test.each([
  [
    ['--hosts', '--fault', 'rebot'],
    "drover: '--fault rebot' is not known; did you mean 'reboot'? '--faults' lists them, 'all' means each\n",
  ],
  [
    ['--hosts', '--fault', 'gate-power-cut'],
    "drover: '--fault gate-power-cut' is not for machines in a cloud; '--faults' lists what fits this environment\n",
  ],
  [['--fault', 'reboot'], "drover: '--fault' means something only together with '--hosts'\n"],
  [['--fault', 'reboot', '--faults'], "drover: '--fault' and '--faults' exclude each other; say one of them\n"],
  [
    ['--hosts', '--fault', 'reboot', '--fail', 'aws_vpc'],
    "drover: '--fault' and '--fail' exclude each other; say one of them\n",
  ],
])('%j is refused', async (options, message) => {
  expect(await drover(project, ['rehearse', 'dev', ...options])).toEqual({ code: 2, out: '', err: message });
});

const runs: FaultRun[] = [
  {
    fault: { ...reboot, boundSec: 60 },
    verdict: 'as expected',
    measuredSec: 12.34,
    marks: { 'it boots': 2 },
    settledSec: 0.5,
  },
  {
    fault: { ...diskFormatted, boundSec: 60, expected: 'given up' },
    verdict: 'not as expected',
    reason: 'it took it',
    marks: {},
  },
];

test('the table says what was expected, what was measured, and why one is not as expected', () => {
  expect(faultsText(runs).split('\n')).toEqual([
    '',
    'fault           expected end                 bound  measured  verdict',
    'reboot          its node is Ready as it was   60 s    12.3 s  as expected',
    'disk-formatted  given up                      60 s         -  NOT AS EXPECTED',
    'disk-formatted: it took it',
    '1 of 2 faults did not end as expected',
    '',
  ]);
  expect(faultsText(runs.slice(0, 1))).toMatch(/\n1 fault, each ended as expected\n$/);
});

test('the same as JSON', () => {
  expect(faultsJson('dev', false, runs)).toEqual({
    environment: 'dev',
    ok: false,
    faults: [
      {
        ...{ name: 'reboot', end: 'healed', expected: 'its node is Ready as it was', boundSec: 60 },
        ...{ verdict: 'as expected', measuredSec: 12.34, marks: { 'it boots': 2 }, settledSec: 0.5 },
      },
      {
        ...{ name: 'disk-formatted', end: 'abandoned', expected: 'given up', boundSec: 60 },
        ...{ verdict: 'not as expected', reason: 'it took it', marks: {} },
      },
    ],
  });
});
