import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { Lab } from '../../../rehearsal/hosts/lab';
import { Interruption } from '../../../rehearsal/interruption';
import { Workspace } from '../../../rehearsal/workspace';
import { TestProject } from '../support/project';

const project = new TestProject();
afterAll(() => project.remove());
const workspace = new Workspace(project.root, 'dev');
workspace.create();
const said: string[] = [];
const lab = new Lab(
  workspace,
  {
    projectRoot: project.root,
    env: project.env(),
    interruption: new Interruption(),
    say: (line) => said.push(line),
  },
  project.file('cache'),
);

/** A lab's program that notes how it was asked. */
function program(script: string): void {
  project.script('rehearsal/lab/bin/drover-lab', `echo "$@" >> ${project.file('asked')}; ${script}`);
}
beforeAll(() => {
  project.program('go', 'echo go1.25.3');
  project.script('rehearsal/kube/pack.sh', `echo "$@" >> ${project.file('packed')}`);
  for (const part of ['lab', 'rancher', 'app']) {
    project.write(`rehearsal/${part}/main.go`, 'package main');
    utimesSync(project.file(`rehearsal/${part}/main.go`), 1, 1);
  }
  project.script('rehearsal/rancher/bin/rancher-standin', 'exit 0');
  project.script('rehearsal/app/bin/drover-app', 'echo stand-in');
});

test('nothing is stopped where there is no lab', async () => {
  program('exit 1');
  await lab.stop();
  expect(existsSync(project.file('asked'))).toBe(false);
});

test('a lab that ends before it is ready is told with its last words', async () => {
  program('echo "drover-lab: no bridge" >&2; exit 1');
  await expect(lab.start()).rejects.toMatchObject({
    message: `the hosts' lab did not start: it ended with 1: drover-lab: no bridge (all of it in '.drover/rehearsal/dev/log/lab.txt')`,
    exitCode: 1,
  });
});

test('a lab is started with what its hosts need and waited for', async () => {
  program(`case $1 in run) : > ${workspace.dir}/lab/ready; sleep 0.5;; esac`);
  await lab.start({
    artifactUrl: 'https://mirror.example.com/rke2',
    kubernetesVersions: ['v1.35.7+rke2r1', 'v1.35.7+rke2r1'],
    standing: [],
  });
  expect(said).toContain('building Kubernetes v1.35.7+rke2r1 for the hosts (once; five minutes on two cores)');
  expect(project.read('packed')).toBe(`v1.35.7+rke2r1 ${project.file('cache/releases')}\n`);
  expect(project.read('asked')).toContain(
    `run --workspace ${workspace.dir} --cache ${project.file('cache')} --ready-file ${workspace.dir}/lab/ready ` +
      `--artifacts ${project.file('cache/releases')} --programs ${workspace.dir}/lab/bin ` +
      '--artifact-url https://mirror.example.com/rke2',
  );
  expect(readdirSync(`${workspace.dir}/lab/bin`)).toEqual(['drover-app', 'rancher-standin']);
  expect(project.read('.drover/rehearsal/dev/lab/bin/drover-app')).toContain('echo stand-in');
});

test('a lab that runs is not started again', async () => {
  project.write('asked', '');
  project.write('.drover/rehearsal/dev/lab/control.sock', '');
  program('exit 0');
  await lab.start();
  expect(project.read('asked')).toBe(`status --workspace ${workspace.dir}\n`);
});

test('a lab that does not stop is told, and its folder stays', async () => {
  program('echo "drover-lab: host busy" >&2; exit 1');
  await expect(lab.stop()).rejects.toMatchObject({
    message: expect.stringContaining("the hosts' lab did not stop: drover-lab: host busy") as string,
  });
  expect(lab.exists).toBe(true);
  program('exit 0');
  await lab.stop();
  expect(lab.exists).toBe(false);
});
