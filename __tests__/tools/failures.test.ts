import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one of the tools prints of a report. */
function printed(tool: string, report: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'failures-'));
  try {
    const file = join(folder, 'report');
    writeFileSync(file, report);
    return execFileSync('node', [join('tools', tool), file], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const lines = (events: readonly object[]): string => events.map((event) => JSON.stringify(event)).join('\n');

describe('what failed in Go', () => {
  const Package = 'lab';
  const passed = [
    { Action: 'output', Package, Test: 'TestGood', Output: 'all is well\n' },
    { Action: 'pass', Package, Test: 'TestGood' },
  ];

  it('is printed without what passed', () => {
    const report = [
      ...passed,
      { Action: 'output', Package, Test: 'TestBad', Output: 'got 1, want 2\n' },
      { Action: 'fail', Package, Test: 'TestBad' },
      { Action: 'output', Package, Output: 'FAIL lab\n' },
      { Action: 'fail', Package },
    ];
    expect(printed('go-failures.mjs', lines(report))).toBe('got 1, want 2\nFAIL lab\n');
  });

  it('includes a test that had not ended when the time was over', () => {
    const report = [
      ...passed,
      { Action: 'output', Package, Test: 'TestEndless', Output: 'panic: test timed out after 10m0s\n' },
      { Action: 'fail', Package },
    ];
    expect(printed('go-failures.mjs', lines(report))).toBe('panic: test timed out after 10m0s\n');
  });

  it('includes what did not compile', () => {
    expect(printed('go-failures.mjs', `# lab\n${lines(passed)}`)).toBe('# lab\n');
  });
});

describe('what failed in jest', () => {
  const test = (fullName: string, status: string, ...failureMessages: string[]): object => ({
    fullName,
    status,
    failureMessages,
  });

  it('is printed by name, with what each said', () => {
    const assertionResults = [test('a host boots', 'passed'), test('a host leaves', 'failed', 'expected 0, got 1')];
    const report = { testResults: [{ name: 'down.hosts.ts', status: 'failed', message: '', assertionResults }] };
    expect(printed('jest-failures.mjs', JSON.stringify(report))).toBe('a host leaves\nexpected 0, got 1\n\n');
  });

  it('includes a suite that could not run', () => {
    const report = { testResults: [{ name: 'x.ts', status: 'failed', message: 'no such file', assertionResults: [] }] };
    expect(printed('jest-failures.mjs', JSON.stringify(report))).toBe('x.ts\nno such file\n\n');
  });
});
