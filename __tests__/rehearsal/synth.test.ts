import { existsSync, mkdirSync } from 'node:fs';
import { localizeStacks } from '../../rehearsal/localize';
import { appOf, synthesize } from '../../rehearsal/synth';
import { readStackFolders } from '../../rehearsal/synthesized';
import { TestProject } from './support/project';

const project = new TestProject();
afterAll(() => project.remove());
const out = project.file('out');
const synth = (app?: string) =>
  synthesize({
    projectRoot: project.root,
    environment: 'dev',
    out,
    env: project.env(),
    logFile: project.file('synth.txt'),
    ...(app === undefined ? {} : { app }),
  });

test('the program is run for one environment and its stacks come in the order of a deploy', async () => {
  project.setStacks({ 'dev-a': { dependencies: ['dev-b'] }, 'dev-b': {} });
  expect((await synth()).map((it) => it.name)).toEqual(['dev-b', 'dev-a']);
});

test('an initialised folder is kept, an old file is not, and a stack that owns resources stays though it left the program', async () => {
  project.setStacks({ 'dev-a': {}, 'dev-empty': {}, 'dev-owner': {} });
  await synth();
  mkdirSync(project.file('out/stacks/dev-a/.terraform'));
  project.write('out/stacks/dev-a/assets/old', '');
  localizeStacks(out, project.file('state'));
  const owner = readStackFolders(out).find((it) => it.name === 'dev-owner');
  const resources = [{ mode: 'managed', type: 'aws_vpc', name: 'x', instances: [{}] }];
  project.write(
    `state/${String(owner?.content.terraform.backend?.['local']?.['path']).split('/').at(-1) ?? ''}`,
    JSON.stringify({ resources }),
  );
  project.setStacks({ 'dev-a': {} });
  await synth();
  expect(existsSync(project.file('out/stacks/dev-a/.terraform'))).toBe(true);
  expect(existsSync(project.file('out/stacks/dev-a/assets'))).toBe(false);
  expect(readStackFolders(out).map((it) => it.name)).toEqual(['dev-owner']);
});

test('what the program says against its input is told without a stack trace', async () => {
  project.write('refuse.js', `console.error("environments/dev.yaml:1:1 name: missing"); process.exitCode = 2;`);
  await expect(synth('node refuse.js')).rejects.toMatchObject({
    message: "the program could not be synthesized: environments/dev.yaml:1:1 name: missing (all of it in 'synth.txt')",
    exitCode: 2,
  });
});

test('an error that it did not expect is told by its message', async () => {
  project.write('crash.js', `throw new Error('group has no machines');`);
  await expect(synth('node crash.js')).rejects.toMatchObject({
    message: "the program could not be synthesized: group has no machines (all of it in 'synth.txt')",
    exitCode: 1,
  });
});

test('a program that makes nothing is told so', async () => {
  await expect(synth('true')).rejects.toThrow("the program made no stack for environment 'dev'");
});

test('without a command there is nothing to run', () => {
  project.write('cdktf.json', '{}');
  expect(() => appOf(project.root)).toThrow(
    `'${project.file('cdktf.json')}' has no readable 'app' command; run drover in the project's folder`,
  );
});
