import { readFileSync } from 'node:fs';
import { LabClient } from '../../../../rehearsal/hosts/faults/lab-client';
import { setParameter } from '../../../../rehearsal/hosts/faults/parameters';
import { Interruption } from '../../../../rehearsal/interruption';
import { TestProject } from '../../support/project';

const project = new TestProject();
afterAll(() => project.remove());
const workspace = project.file('ws');
const interruption = new Interruption();
const lab = new LabClient({ projectRoot: project.root, workspace, env: project.env(), interruption });
const program = (script: string): void => project.script('rehearsal/lab/bin/drover-lab', script);

const ONE =
  '{"id":"i-1","name":"s1","address":"10.0.0.1","state":"running","launched":"now","tags":null,"bootstrap":null}';

test('a lab that is not there is not up; one with machines that run is', async () => {
  expect(await lab.isUp()).toBe(false);
  program(`echo '[${ONE}]'`);
  expect(await lab.isUp()).toBe(true);
});

test('machines are read, with what they do not have left empty', async () => {
  program(`echo '[${ONE}]'`);
  expect(await lab.machines()).toEqual([expect.objectContaining({ id: 'i-1', group: '', lifecycle: '' })]);
});

test('a load is asked with its rate, its time and its authority', async () => {
  program(`echo "$@" > ${project.file('asked')}; echo '{"sent":2,"failed":0,"failedAfterFirstSecond":0}'`);
  const request = { url: 'https://api:6443/readyz', perSecond: 20, seconds: 1, caFrom: 'i-1:/ca.crt' };
  expect(await lab.load(request)).toMatchObject({ sent: 2, failed: 0, failedAfterFirstSecond: 0, statuses: {} });
  expect(project.read('asked')).toBe(
    `load --workspace ${workspace} --rate 20 --seconds 1 --ca-from i-1:/ca.crt https://api:6443/readyz\n`,
  );
});

test('a command in a machine has its own exit code', async () => {
  program('echo "$@"; exit 7');
  expect(await lab.exec('i-1', ['grep', 'x'], 9)).toMatchObject({
    code: 7,
    stdout: `exec --workspace ${workspace} --deadline 9 i-1 -- grep x\n`,
  });
});

test('what the lab refuses is told in its words', async () => {
  program('echo "drover-lab: no machine \\"i-9\\"" >&2; exit 1');
  await expect(lab.tell('cut', 'i-9')).rejects.toThrow(`'drover-lab cut i-9' failed: no machine "i-9"`);
});

test('an answer of another version is told', async () => {
  program('echo none');
  await expect(lab.groups()).rejects.toThrow("'drover-lab groups' did not answer as agreed: none");
});

test('a parameter gets another value and a further version, and nothing else changes', () => {
  const file = 'ws/world/aws_ssm_parameter/_drover_join~00000000.json';
  const object = {
    type: 'aws_ssm_parameter',
    id: '/drover/join',
    provider: 'aws',
    scope: 'eu-west-1',
    attrs: { a: 1 },
  };
  project.write(file, JSON.stringify({ ...object, secrets: { value_wo: 'old' }, other: true }));
  setParameter(`${workspace}/world`, '/drover/join', 'new');
  expect(JSON.parse(readFileSync(project.file(file), 'utf8'))).toEqual({
    ...object,
    ...{ secrets: { value_wo: 'new' }, live: { version: 2 }, other: true },
  });
  expect(() => setParameter(`${workspace}/world`, '/none', 'new')).toThrow("there is no parameter '/none'");
});

test('after an interruption nothing more is asked', async () => {
  interruption.raise();
  await expect(lab.machines()).rejects.toMatchObject({ exitCode: 130 });
});
