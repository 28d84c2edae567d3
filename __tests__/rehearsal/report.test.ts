import { Progress } from '../../rehearsal/progress';
import { planLines, planSummary, reportTable, secondPlanDetails, type RehearsalReport } from '../../rehearsal/report';
import type { PlanChange } from '../../review/plan-changes';
import type { StackPlan } from '../../rehearsal/terraform';

const empty: StackPlan = { stack: 'dev-eu-network', changes: [], outputs: [], limits: [], errors: [] };
const template: PlanChange = {
  address: 'aws_launch_template.workers',
  type: 'aws_launch_template',
  action: 'update',
  reasons: [],
  attributes: [{ path: 'image_id', before: '"ami-1"', after: '"ami-2"' }],
  tags: {},
};
const drift: StackPlan = {
  ...empty,
  stack: 'dev-shop-cluster',
  changes: [
    template,
    {
      address: 'aws_instance.s1',
      type: 'aws_instance',
      action: 'replace',
      reasons: ['ami changes'],
      attributes: [],
      tags: {},
    },
  ],
  errors: [],
};

const report = (stacks: RehearsalReport['stacks']): RehearsalReport => ({
  environment: 'dev',
  ok: true,
  stacks,
  phases: [
    { name: 'synth', ms: 1234 },
    { name: 'deploy', ms: 20_000 },
  ],
});

test('the table of a rehearsal that went well', () => {
  const stacks = [
    { name: 'dev-eu-network', state: 'done', resources: 57, ms: 3210, secondPlan: empty },
    { name: 'dev-management-servers', state: 'done', resources: 148, ms: 12_345, secondPlan: empty },
  ] as const;
  expect(reportTable(report(stacks))).toBe(
    [
      'stack                   resources    time  second plan',
      'dev-eu-network                 57   3.2 s  empty',
      'dev-management-servers        148  12.3 s  empty',
      '2 stacks                      205  21.2 s  all empty',
      'synth 1.2 s, deploy 20.0 s',
    ].join('\n'),
  );
});

test('resources are named by provider, and hosts that were provisioned by SSH by cluster', () => {
  const stacks = [
    { name: 'a', state: 'done', resources: 3, ms: 0, secondPlan: empty, byProvider: { vault: 2, terraform: 1 } },
    { name: 'b', state: 'done', resources: 4, ms: 0, secondPlan: empty, byProvider: { vault: 1, terraform: 3 } },
  ] as const;
  const provisioned = [
    { name: 'gate-01', site: 'hall', cluster: 'management' },
    { name: 'mgmt-01', site: 'hall', cluster: 'management' },
    { name: 'work-01', site: 'hall', cluster: 'plant' },
  ];
  expect(
    reportTable({ ...report(stacks), provisioned })
      .split('\n')
      .slice(-4),
  ).toEqual([
    'resources: terraform 4, vault 3',
    '3 hosts on metal provisioned by SSH',
    '  management: gate-01, mgmt-01',
    '  plant: work-01',
  ]);
});

test('the table of one that did not', () => {
  const stacks = [
    { name: 'dev-eu-network', state: 'done', resources: 57, ms: 3210, secondPlan: drift },
    { name: 'dev-management-servers', state: 'failed', resources: 9, ms: 900 },
    { name: 'dev-shop-cluster', state: 'waiting', resources: 0 },
  ] as const;
  expect(reportTable(report(stacks))).toBe(
    [
      'stack                   resources    time  second plan',
      'dev-eu-network                 57   3.2 s  1 to update, 1 to replace',
      'dev-management-servers          9   0.9 s  FAILED',
      'dev-shop-cluster                0       -  not started',
      '3 stacks                       66  21.2 s  3 not as they should be',
      'synth 1.2 s, deploy 20.0 s',
    ].join('\n'),
  );
});

test('a second plan that is not empty is shown', () => {
  const stacks = [{ name: 'dev-shop-cluster', state: 'done', resources: 1, secondPlan: drift }] as const;
  expect(secondPlanDetails(stacks)).toBe(
    [
      'second plan of dev-shop-cluster:',
      '  ~ aws_launch_template.workers',
      '      image_id: "ami-1" -> "ami-2"',
      '  -/+ aws_instance.s1  (ami changes)',
    ].join('\n'),
  );
});

test('a refusal is told from an error, and a long value is shortened', () => {
  const plan: StackPlan = {
    ...empty,
    outputs: ['vpc'],
    limits: ['only addresses are known'],
    stack: 'dev-x',
    changes: [
      {
        ...template,
        attributes: [
          { path: 'user_data', before: '(none)', after: 'x'.repeat(100) },
          { path: 'id', before: '"i-1"', after: '(known after apply)' },
        ],
      },
    ],
    errors: [
      {
        severity: 'error',
        summary: 'Resource precondition failed',
        detail: 'one at a time',
        address: 'terraform_data.guard',
      },
      { severity: 'error', summary: 'no such image', detail: '' },
    ],
  };
  expect(planSummary(plan)).toBe('1 to update, 1 output to change, 1 refused, 1 error');
  expect(planLines(plan)).toEqual([
    '~ aws_launch_template.workers',
    `    user_data: (none) -> ${'x'.repeat(79)}…`,
    '    1 known after apply',
    '~ output vpc',
    'note: only addresses are known',
    'refused: terraform_data.guard: Resource precondition failed\none at a time',
    'error: no such image',
  ]);
});

describe('progress', () => {
  const run = { name: 'dev-eu-network', state: 'running', made: 3, planned: 57, errors: [], startedAt: 1000 } as const;
  const told = (columns?: number): { text: () => string; progress: Progress } => {
    let text = '';
    const output = { write: (more: string) => (text += more), ...(columns === undefined ? {} : { columns }) };
    return { text: () => text, progress: new Progress(output) };
  };

  test('is a line when a stack starts and one when it ends', () => {
    const { text, progress } = told();
    progress.stack({ kind: 'started', stack: run.name, at: 1000 }, run);
    progress.stack({ kind: 'resource', stack: run.name, at: 2000, address: 'aws_vpc.network' }, run);
    progress.stack(
      { kind: 'finished', stack: run.name, at: 4200, ok: true },
      { ...run, state: 'done', made: 57, finishedAt: 4200 },
    );
    expect(text()).toBe('  dev-eu-network: deploying\n  dev-eu-network: deployed in 3.2 s, 57 changes\n');
  });

  test('is a line that is rewritten on a terminal, and leaves nothing behind', () => {
    const { text, progress } = told(80);
    progress.stack({ kind: 'resource', stack: run.name, at: 2000, address: 'aws_vpc.network' }, run);
    progress.end();
    expect(text()).toBe(`  dev-eu-network 3/57\r${' '.repeat(21)}\r`);
  });
});
