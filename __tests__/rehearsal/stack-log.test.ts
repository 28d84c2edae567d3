import { StackLog, type StackEvent } from '../../rehearsal/stack-log';
import { StackRuns } from '../../rehearsal/stack-run';

const line = (content: Record<string, unknown>): string =>
  `${JSON.stringify({ '@level': 'info', '@message': 'm', '@module': 'terraform.ui', '@timestamp': '2026-01-02T03:04:05.000000Z', ...content })}\n`;
const resource = { addr: 'aws_vpc.network', resource_type: 'aws_vpc' };
const withoutSaid = (events: readonly StackEvent[]): StackEvent[] => events.filter((it) => it.kind !== 'said');

const at = Date.parse('2026-01-02T03:04:05Z');
const stack = 'dev-eu-network';

test('an apply is told from its start to its end', () => {
  const text = [
    line({ type: 'version' }),
    line({ type: 'change_summary', changes: { add: 2, change: 1, remove: 1, operation: 'plan' } }),
    line({ type: 'apply_start', hook: { resource, action: 'create' } }),
    line({ type: 'apply_complete', hook: { resource, action: 'create' } }),
    line({ type: 'apply_complete', hook: { resource, action: 'read' } }),
    line({ type: 'change_summary', changes: { add: 2, change: 1, remove: 1, operation: 'apply' } }),
    line({ type: 'exit', code: 0 }),
  ].join('');
  expect(withoutSaid(new StackLog(stack).read(text))).toEqual([
    { kind: 'started', stack, at },
    { kind: 'planned', stack, at, changes: 4 },
    { kind: 'resource', stack, at, address: 'aws_vpc.network' },
    { kind: 'finished', stack, at, ok: true },
  ]);
});

test('a line that comes in two pieces is read once', () => {
  const log = new StackLog(stack);
  const text = line({ type: 'exit', code: 1 });
  expect(log.read(text.slice(0, 40))).toEqual([]);
  expect(withoutSaid(log.read(text.slice(40)))).toEqual([
    { kind: 'started', stack, at },
    { kind: 'finished', stack, at, ok: false },
  ]);
});

test('an error names the resource, or the block that it stands in', () => {
  const error = { severity: 'error', summary: 'creating VPC', detail: 'VpcLimitExceeded' };
  const context = 'resource.terraform_data.guard.lifecycle.precondition[0]';
  const text =
    line({ type: 'diagnostic', diagnostic: { ...error, address: 'aws_vpc.network' } }) +
    line({ type: 'diagnostic', diagnostic: { ...error, snippet: { context } } });
  const found = new StackLog(stack).read(text).flatMap((it) => (it.kind === 'diagnostic' ? it.diagnostic.address : []));
  expect(found).toEqual(['aws_vpc.network', 'terraform_data.guard']);
});

test('what an interruption kept Terraform from is no error of its own', () => {
  const diagnostic = { severity: 'error', summary: 'execution halted', detail: '' };
  expect(withoutSaid(new StackLog(stack).read(line({ type: 'diagnostic', diagnostic })))).toEqual([
    { kind: 'started', stack, at },
  ]);
});

test('text that is not of the machine-readable form is kept as it is', () => {
  expect(new StackLog(stack).read('panic: runtime error\n')).toEqual([
    { kind: 'said', stack, at: 0, line: 'panic: runtime error' },
  ]);
});

test('a stack that cdktf left running has failed', () => {
  const runs = new StackRuns([stack, 'dev-later'], () => '/dev/null');
  runs.take({ kind: 'started', stack, at });
  runs.settle(at + 1500);
  expect(runs.all).toMatchObject([
    { name: stack, state: 'failed', startedAt: at, finishedAt: at + 1500 },
    { name: 'dev-later', state: 'waiting' },
  ]);
});
