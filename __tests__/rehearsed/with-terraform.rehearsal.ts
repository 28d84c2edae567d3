import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { Interruption } from '../../rehearsal/interruption';
import { drover } from '../cli/support/drover';
import { waitUntil } from './drover';
import { TestProject, remoteState, type TestStack } from '../rehearsal/support/project';

/** The real Terraform and the real cdktf, on resources that need no provider. */
const hasTerraform =
  spawnSync('terraform', ['version'], { env: { ...process.env, CHECKPOINT_DISABLE: '1' } }).status === 0;
const whenPossible = hasTerraform ? describe : describe.skip;
if (!hasTerraform) console.warn("skipped: 'terraform' is not on the PATH");

const network: TestStack = {
  resource: { terraform_data: { vpc: { input: 'vpc-1' } } },
  output: { vpc: { value: '${terraform_data.vpc.output}', sensitive: true } },
};
const servers: TestStack = {
  dependencies: ['dev-eu-network'],
  data: remoteState('dev-eu-network'),
  resource: {
    terraform_data: {
      s1: { input: '${data.terraform_remote_state.cross-stack-reference-input-dev-eu-network.outputs.vpc}' },
      s2: { input: 'x', depends_on: ['terraform_data.s1'] },
    },
  },
};
const refusing: TestStack = {
  resource: {
    terraform_data: {
      wanted: { input: 2 },
      guard: {
        input: 1,
        lifecycle: {
          precondition: [
            { condition: '${terraform_data.wanted.input < 2}', error_message: 'raise one number, then the next' },
          ],
        },
      },
    },
  },
};

whenPossible('a rehearsal with the real Terraform and cdktf', () => {
  const project = new TestProject();
  beforeAll(() => project.linkRepository());
  afterAll(() => project.remove());

  const run = (...argv: string[]) => drover(project, argv);

  test('deploys, plans again, shows a change, survives a refusal and is taken down', async () => {
    project.setStacks({ 'dev-eu-network': network, 'dev-management-servers': servers });

    const before = await run('rehearse', 'dev', '--plan');
    expect(before.err).toBe('');
    expect(before.out).toContain(
      'dev-management-servers: not planned: it uses values of dev-eu-network, to be deployed first',
    );
    expect(before.code).toBe(0);

    const up = await run('rehearse', 'dev');
    expect(up.code === 0 ? '' : up.out + up.err).toBe('');
    expect(up.out).toMatch(/dev-eu-network +1 +\d+\.\d s +empty\n/);
    expect(up.out).toMatch(/2 stacks +3 +\d+\.\d s +all empty\n/);

    project.setStacks({
      'dev-eu-network': {
        ...network,
        resource: { terraform_data: { vpc: { input: 'vpc-2', triggers_replace: 'now' } } },
      },
      'dev-management-servers': servers,
      'dev-shop-cluster': refusing,
    });
    const plan = await run('rehearse', 'dev', '--plan', '--detailed-exitcode');
    expect(plan.code).toBe(1);
    expect(plan.out).toContain(
      'dev-eu-network: 1 to replace, 1 output to change\n  -/+ terraform_data.vpc  (triggers_replace changes)\n',
    );
    expect(plan.out).toContain('input: "vpc-1" -> "vpc-2"');
    expect(plan.out).toContain('refused: terraform_data.guard: Resource precondition failed');
    expect(plan.out).toContain('raise one number, then the next');

    const failed = await run('rehearse', 'dev');
    expect(failed.code).toBe(1);
    expect(failed.out).toContain("stack 'dev-shop-cluster' failed:");
    expect(failed.out).toContain('log: .drover/rehearsal/dev/log/dev-shop-cluster.log');
    // Its siblings finished all the same.
    expect(failed.out).toMatch(/dev-eu-network: deployed in/);

    // A stack that left the program is told about and destroyed with the others; nobody takes its plan for an empty one.
    project.setStacks({ 'dev-eu-network': network });
    const behind = await run('rehearse', 'dev', '--plan');
    expect(behind.code).toBe(1);
    expect(behind.out).toContain(
      "LEFT BEHIND: stack 'dev-management-servers' is no longer in the program but still has 2 resources",
    );
    const smaller = await run('rehearse', 'dev');
    expect(smaller.out).toContain("stack 'dev-management-servers' is no longer in the program but still has resources");
    const down = await run('rehearse', 'dev', '--down', '--json');
    expect(down.code).toBe(0);
    expect(JSON.parse(down.out)).toMatchObject({
      ok: true,
      destroyed: ['dev-eu-network', 'dev-management-servers'],
      leftovers: [],
    });
    expect(existsSync(project.file('.drover/rehearsal/dev/state'))).toBe(false);
  }, 600_000);

  test('an interruption lets Terraform write its state, and the next run goes on from there', async () => {
    // The only way to keep the built-in provider busy; nothing in Drover itself runs a provisioner.
    const slow = { input: 1, provisioner: { 'local-exec': [{ command: 'sleep 5' }] } };
    project.setStacks({
      'dev-eu-network': {
        resource: { terraform_data: { first: slow, second: { input: '${terraform_data.first.id}' } } },
      },
    });
    const interruption = new Interruption();
    const log = project.file('.drover/rehearsal/dev/log/dev-eu-network.jsonl');
    rmSync(log, { force: true });
    const interrupted = drover(project, ['rehearse', 'dev'], { interruption });
    const begins = (): boolean => existsSync(log) && readFileSync(log, 'utf8').includes('"type":"apply_start"');
    await waitUntil('an apply begins', begins, 120);
    interruption.raise();
    expect(await interrupted).toMatchObject({
      code: 130,
      err: "drover: interrupted; what was made is in the world and in its state; 'drover rehearse dev' goes on from there\n",
    });
    const again = await run('rehearse', 'dev');
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/\ndev-eu-network +2 +\d+\.\d s +empty\n/);
    expect((await run('rehearse', 'dev', '--down')).out).toContain("destroyed 1 stack of 'dev'; the world is empty\n");
  }, 300_000);
});
