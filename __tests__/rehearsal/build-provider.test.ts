import { existsSync, statSync, utimesSync } from 'node:fs';
import { buildProvider } from '../../rehearsal/build-provider';
import { Interruption } from '../../rehearsal/interruption';
import { TestProject } from './support/project';

const project = new TestProject();
afterAll(() => project.remove());
const binary = project.file('rehearsal/provider/bin/drover-provider');
const source = 'rehearsal/provider/main.go';
const moduleFile = 'rehearsal/provider/go.mod';
const build = async (): Promise<{ binary: string; said: string[] }> => {
  const said: string[] = [];
  const options = {
    projectRoot: project.root,
    env: project.env(),
    interruption: new Interruption(),
    say: (line: string) => said.push(line),
  };
  return { binary: await buildProvider(options), said };
};
/** A Go that builds by touching what it is asked for. */
const go = (build: string): void => project.program('go', `case $1 in env) echo go1.25.3;; build) ${build};; esac`);

test('a program that is newer than its sources is used as it is', async () => {
  project.write(source, 'package main');
  project.write(moduleFile, 'module drover/rehearsal/provider');
  for (const file of [source, moduleFile]) utimesSync(project.file(file), 1, 1);
  go('exit 1');
  expect(await build()).toEqual({ binary, said: [] });
});

test('a newer source has it built, and that is told', async () => {
  const later = statSync(binary).mtimeMs / 1000 + 10;
  utimesSync(project.file(source), later, later);
  go(`echo "$@" > ${project.file('asked')}; rm ${binary}; : > ${binary}`);
  expect(await build()).toEqual({
    binary,
    said: ['building the simulated provider with Go 1.25.3 (once; about a minute)'],
  });
  expect(existsSync(project.file('asked'))).toBe(true);
});

test('a test of the provider is no source of it', async () => {
  utimesSync(project.file(source), 1, 1);
  project.write('rehearsal/provider/main_test.go', 'package main');
  go('exit 1');
  utimesSync(binary, 1000, 1000);
  expect((await build()).said).toEqual([]);
});

test('a module of ours that it is built with is a source of it', async () => {
  project.write(moduleFile, 'module drover/rehearsal/provider\n\nreplace drover/rehearsal/near => ../near');
  project.write('rehearsal/near/near.go', 'package near');
  project.write('rehearsal/near/go.mod', 'module drover/rehearsal/near');
  utimesSync(project.file('rehearsal/near/go.mod'), 1, 1);
  go('exit 1');
  utimesSync(project.file(moduleFile), 1, 1);
  utimesSync(project.file('rehearsal/near/near.go'), 1, 1);
  expect((await build()).said).toEqual([]);
  utimesSync(project.file('rehearsal/near/near.go'), 2000, 2000);
  await expect(build()).rejects.toThrow('does not build');
});

test('what the compiler says is repeated', async () => {
  const later = Date.now() / 1000 + 10;
  utimesSync(project.file(source), later, later);
  go(`echo './main.go:1: syntax error' >&2; exit 1`);
  await expect(build()).rejects.toMatchObject({
    message: 'the simulated provider does not build:\n./main.go:1: syntax error',
    exitCode: 3,
  });
});
