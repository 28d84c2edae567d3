import { execFileSync } from 'node:child_process';

const imports = [
  ['model/probe.ts', '../constructs/aws/network', 'model is pure data and rules'],
  ['constructs/aws/probe.ts', '../kubernetes/helm-release', 'a platform imports no sibling'],
  ['constructs/azure/probe.ts', '../aws/network', 'a platform imports no sibling'],
  ['constructs/azure/probe.ts', '@cdktf/provider-aws/lib/vpc', 'uses its own providers alone'],
  ['constructs/metal/probe.ts', '../azure/network', 'a platform imports no sibling'],
  ['constructs/metal/probe.ts', '@cdktf/provider-aws/lib/vpc', 'uses its own providers alone'],
  ['constructs/platform/probe.ts', '../aws/network', 'the contract must not know who fulfils it'],
  ['stacks/probe.ts', '../rehearsal/lock', 'the program does not know that it is being rehearsed'],
  ['cli/probe.ts', '../stacks/network-stack', 'the command line starts the app as a process'],
  ['constructs/kubernetes/probe.ts', '@cdktf/provider-aws/lib/vpc', 'uses its own providers alone'],
  ['stacks/probe.ts', '@cdktf/provider-aws', 'import bindings deep'],
] as const;

/** eslint once, over files that do not exist: [name, text] in, the messages of each out. */
const LINT = `
  const { ESLint } = require('eslint');
  const files = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
  const eslint = new ESLint();
  Promise.all(files.map(async ([filePath, text]) => {
    const [result] = await eslint.lintText(text, { filePath });
    return result.messages.map(({ message }) => message);
  })).then((messages) => console.log(JSON.stringify(messages)));
`;

const probes = [
  ...imports.map(([file, from]) => [file, `import * as probe from '${from}';\nexport const used = probe;\n`]),
  ['constructs/core/probe.ts', `export const home: unknown = process.env['HOME'];\n`],
  ['model/probe.ts', `import * as probe from './cidr';\nexport const used = probe;\n`],
];
const output = execFileSync('node', ['-e', LINT], { input: JSON.stringify(probes), encoding: 'utf8' });
const messages = JSON.parse(output) as string[][];

test.each(imports.map(([file, from, reason], i) => [file, from, reason, i] as const))(
  '%s may not import %s: %s',
  (_file, _from, reason, i) => {
    expect(messages[i]).toEqual(expect.arrayContaining([expect.stringContaining(reason)]));
  },
);

test('only the entry points and the command line read the process environment', () => {
  expect(messages.at(-2)).toEqual(expect.arrayContaining([expect.stringContaining('process.env is read in main.ts')]));
});

test("an import within a layer is nobody's business", () => {
  expect(messages.at(-1)).toEqual([]);
});
