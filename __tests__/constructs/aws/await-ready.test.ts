import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { only } from '../../support/synth';
import { machinesOf, withShop } from './machines-fixture';
import { evaluate } from './terraform-console';

/** The report of a bootstrap as the runner writes it. */
const report = (result: string): string => `{
  "bundle": "0123",
  "result": "${result}",
  "steps": [
    {"name": "10-host", "result": "failed", "code": 1}
  ]
}
`;

/** Runs the commands that a server is sent, on a machine with that report. */
function run(content?: string): { readonly status: number | null; readonly said: string } {
  const root = mkdtempSync(join(tmpdir(), 'drover-ready-'));
  try {
    mkdirSync(join(root, 'var/lib/drover'), { recursive: true });
    if (content !== undefined) writeFileSync(join(root, 'var/lib/drover/bootstrap.json'), content);
    const { status, stderr } = spawnSync('sh', ['-c', commands().join('\n')], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { PATH: process.env['PATH'] ?? '', DROVER_ROOT: root, AWAIT_DEADLINE_SEC: '0' },
    });
    return { status, said: stderr };
  } finally {
    rmSync(root, { recursive: true });
  }
}

function commands(): string[] {
  const { mainSteps } = documentOf() as { mainSteps: { inputs: { runCommand: string[] } }[] };
  return mainSteps[0]?.inputs.runCommand ?? [];
}

/** The document as SSM gets it: after Terraform has read it. */
function documentOf(): unknown {
  const { content } = only(machinesOf(withShop()).resource, 'aws_ssm_document');
  return JSON.parse(String(evaluate(String(content))));
}

test('a machine is sent the very script that was tested', () => {
  expect(`${commands().join('\n')}\n`).toBe(readFileSync('userdata/await-ready.sh', 'utf8'));
});

test('a bootstrap that went well is the end of the wait', () => {
  expect(run(report('ok'))).toMatchObject({ status: 0, said: '' });
});

test('a bootstrap that failed fails the command', () => {
  expect(run(report('failed:50-rke2-install'))).toMatchObject({
    status: 1,
    said: expect.stringContaining('50-rke2-install'),
  });
});

test.each([
  ['no report', undefined],
  ['a bootstrap that is still running', report('running')],
])('%s is not waited for after the deadline', (_, content) => {
  expect(run(content)).toMatchObject({ status: 3, said: expect.stringContaining('within 0 s') });
});

test('the command may take longer than the script waits', () => {
  expect(documentOf()).toMatchObject({
    mainSteps: [{ action: 'aws:runShellScript', inputs: { timeoutSeconds: '1800' } }],
  });
  expect(commands().join('\n')).toContain('AWAIT_DEADLINE_SEC:-${health_sec:-1700}}');
});
