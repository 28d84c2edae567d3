import { execFileSync } from 'node:child_process';

/** What eslint says of a file that does not exist yet. */
function lint(file: string, text: string): string[] {
  try {
    execFileSync('node_modules/.bin/eslint', ['--stdin', '--stdin-filename', file, '--format', 'json'], {
      input: text,
      encoding: 'utf8',
    });
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: string };
    const [result] = JSON.parse(stdout) as { messages: { message: string }[] }[];
    return (result?.messages ?? []).map(({ message }) => message);
  }
}

test.each([
  ['model/probe.ts', '../constructs/aws/network', 'model is pure data and rules'],
  ['constructs/aws/probe.ts', '../kubernetes/helm-release', 'a platform imports no sibling'],
  ['constructs/platform/probe.ts', '../aws/network', 'the contract must not know who fulfils it'],
  ['stacks/probe.ts', '../rehearsal/lock', 'the program does not know that it is being rehearsed'],
  ['cli/probe.ts', '../stacks/network-stack', 'the command line starts the app as a process'],
  ['constructs/kubernetes/probe.ts', '@cdktf/provider-aws/lib/vpc', 'uses its own providers alone'],
  ['stacks/probe.ts', '@cdktf/provider-aws', 'import bindings deep'],
])('%s may not import %s', (file, imported, reason) => {
  const messages = lint(file, `import * as probe from '${imported}';\nexport const used = probe;\n`);
  expect(messages).toEqual(expect.arrayContaining([expect.stringContaining(reason)]));
});

test('only the entry points and the command line read the process environment', () => {
  const messages = lint('constructs/core/probe.ts', `export const home: unknown = process.env['HOME'];\n`);
  expect(messages).toEqual(expect.arrayContaining([expect.stringContaining('process.env is read in main.ts')]));
});
