import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { only } from './network-fixture';
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
  const { content: document } = only(machinesOf(withShop()).resource, 'aws_ssm_document');
  const { mainSteps } = JSON.parse(String(evaluate(String(document)))) as {
    mainSteps: { inputs: { runCommand: string[] } }[];
  };
  const root = mkdtempSync(join(tmpdir(), 'drover-ready-'));
  try {
    mkdirSync(join(root, 'var/lib/drover'), { recursive: true });
    if (content !== undefined) writeFileSync(join(root, 'var/lib/drover/bootstrap.json'), content);
    const { status, stderr } = spawnSync('sh', ['-c', (mainSteps[0]?.inputs.runCommand ?? []).join('\n')], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', DROVER_ROOT: root, READY_DEADLINE: '2', READY_EVERY: '1' },
    });
    return { status, said: stderr };
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('a bootstrap that went well is the end of the wait', () => {
  expect(run(report('ok'))).toEqual({ status: 0, said: '' });
});

test('a bootstrap that failed ends the wait at once and shows its report', () => {
  const { status, said } = run(report('failed:50-rke2-install'));
  expect(status).toBe(1);
  expect(said).toContain('"result": "failed:50-rke2-install"');
});

test.each([
  ['no report', undefined],
  ['a bootstrap that is still running', report('running')],
])('%s is waited for, but not for ever', (_, content) => {
  const { status, said } = run(content);
  expect(status).toBe(3);
  expect(said).toMatch(/no report in '.*bootstrap\.json' after 2 s/);
});

test('the command has a deadline of its own, later than that of the script', () => {
  const { content: document } = only(machinesOf(withShop()).resource, 'aws_ssm_document');
  expect(JSON.parse(String(evaluate(String(document))))).toMatchObject({
    mainSteps: [{ action: 'aws:runShellScript', inputs: { timeoutSeconds: '1800' } }],
  });
});
