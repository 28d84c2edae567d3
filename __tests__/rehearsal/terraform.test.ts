import { mkdirSync, writeFileSync } from 'node:fs';
import { Interruption } from '../../rehearsal/interruption';
import { Terraform } from '../../rehearsal/terraform';
import { Workspace } from '../../rehearsal/workspace';
import { TestProject } from './support/project';
import { stackOf } from './support/stacks';

const project = new TestProject();
afterAll(() => project.remove());
const workspace = new Workspace(project.root, 'dev');
const terraform = new Terraform(workspace, project.env(), new Interruption());
const stack = {
  ...stackOf('dev-shop-cluster', { terraform: { backend: { local: { path: project.file('state.tfstate') } } } }),
  dir: project.file('stack'),
};
beforeAll(() => {
  workspace.create();
  mkdirSync(stack.dir);
});

/** A Terraform that plans with an exit code and some messages. */
const planning = (code: number, messages: readonly unknown[], show: string): void => {
  const lines = messages.map((it) => JSON.stringify({ '@level': 'info', '@message': 'm', ...(it as object) }));
  writeFileSync(project.file('plan.jsonl'), `${lines.join('\n')}\n`);
  project.program(
    'terraform',
    `case $1 in init) exit 0;; plan) cat ${project.file('plan.jsonl')}; exit ${code};; show) ${show};; esac`,
  );
};
const replaced = {
  type: 'planned_change',
  change: {
    resource: { addr: 'aws_instance.s1', resource_type: 'aws_instance' },
    action: 'replace',
    reason: 'cannot_update',
  },
};

test('a plan without changes is not even shown', async () => {
  planning(0, [], 'exit 9');
  expect(await terraform.plan(stack)).toEqual({ stack: stack.name, changes: [], outputs: [], limits: [], errors: [] });
});

test('a plan that Terraform crashes on while showing it is told by what it said, with the tags that the state has', async () => {
  const instance = {
    mode: 'managed',
    type: 'aws_instance',
    name: 's1',
    instances: [{ attributes: { tags: { 'drover:node': 's1' } } }],
  };
  project.write('state.tfstate', JSON.stringify({ version: 4, resources: [instance] }));
  planning(2, [replaced], `echo 'panic: unsupported resource mode 69' >&2; exit 11`);
  expect(await terraform.plan(stack)).toMatchObject({
    changes: [
      { address: 'aws_instance.s1', action: 'replace', reasons: ['cannot update'], tags: { 'drover:node': 's1' } },
    ],
    limits: ["'terraform show -json' crashed on this plan (unsupported resource mode 69), so only addresses are known"],
  });
});

test('a refusal is an error of the plan, not of the command', async () => {
  const diagnostic = {
    severity: 'error',
    summary: 'Resource precondition failed',
    detail: 'one at a time',
    address: 'terraform_data.guard',
  };
  planning(1, [{ '@level': 'error', type: 'diagnostic', diagnostic }], 'exit 9');
  expect(await terraform.plan(stack)).toMatchObject({ changes: [], errors: [diagnostic] });
});

test('a Terraform that fails without a word of its own is named with its log', async () => {
  planning(1, [], 'exit 9');
  await expect(terraform.plan(stack)).rejects.toThrow(
    /^'terraform plan' of stack 'dev-shop-cluster' failed: .* \(all of it in '\.drover\/rehearsal\/dev\/log\/dev-shop-cluster\.plan\.txt'\)$/,
  );
});

test('a failed initialisation is told by its first real error', async () => {
  project.program(
    'terraform',
    `printf 'Error: Terraform encountered problems during initialisation\\n\\nError: Missing block label\\n' >&2; exit 1`,
  );
  await expect(terraform.plan(stack)).rejects.toThrow(
    "'terraform init' of stack 'dev-shop-cluster' failed: Missing block label (all of it in",
  );
});
