import { TestProject } from '../rehearsal/support/project';
import { drover } from './support/drover';

const project = new TestProject();
afterAll(() => project.remove());

/** A plan as `terraform show -json` of Terraform 1.11 writes it. */
function writePlan(
  file: string,
  address: string,
  actions: readonly string[],
  rest: Record<string, unknown> = {},
): void {
  const [type, name] = address.split('.');
  const sides = { before: {}, after: {}, after_unknown: {}, before_sensitive: {}, after_sensitive: {} };
  project.write(
    file,
    JSON.stringify({
      format_version: '1.2',
      resource_changes: [{ address, mode: 'managed', type, name, change: { actions, ...sides, ...rest } }],
    }),
  );
}

const lowered = { before: { kubernetes_version: 'v1.35.7+rke2r1' }, after: { kubernetes_version: 'v1.33.1+rke2r1' } };
writePlan('plans/dev-shop-cluster.json', 'rancher2_cluster_v2.member', ['update'], lowered);
writePlan('plans/dev-shop-apps.json', 'kubernetes_namespace_v1.a', ['create']);
writePlan('plans/dev-eu-network.json', 'aws_vpc.network', ['delete']);
project.write('plans/broken.json', '{"password": "hunter2",');
project.write('plans/other.json', '{"resource_changes": []}');

test('a refused plan ends with 1 and says why, stack by stack', async () => {
  const { code, out, err } = await drover(project, [
    'review',
    'plans/dev-shop-cluster.json',
    'plans/dev-shop-apps.json',
  ]);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out.split('\n')).toEqual([
    'dev-shop-cluster: 1 to update',
    expect.stringMatching(
      /^guard REFUSES \(versions-rise, dev-shop-cluster\): Kubernetes would go back from v1.35.7\+rke2r1 to v1.33.1\+rke2r1 /,
    ),
    'dev-shop-apps: 1 to create; the guard has nothing to say',
    '',
  ]);
});

test('a plan that destroys a whole stack ends with 0', async () => {
  expect(await drover(project, ['review', 'plans/dev-eu-network.json'])).toEqual({
    code: 0,
    out: 'dev-eu-network: 1 to destroy; the guard has nothing to say\n',
    err: '',
  });
});

test('programs get the verdicts as JSON', async () => {
  const { code, out } = await drover(project, ['review', '--json', 'plans/dev-shop-cluster.json']);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    stacks: [
      {
        stack: 'dev-shop-cluster',
        changes: { create: 0, update: 1, replace: 0, destroy: 0, forget: 0 },
        verdicts: [{ rule: 'versions-rise', stack: 'dev-shop-cluster', ok: false }],
      },
    ],
  });
});

test.each(['broken', 'other'])('%s.json is no plan, and nothing of it is shown', async (name) => {
  expect(await drover(project, ['review', `plans/${name}.json`])).toEqual({
    code: 2,
    out: '',
    err: `drover: 'plans/${name}.json' is no plan in JSON; write one with 'terraform plan -out=plan' and 'terraform show -json plan'\n`,
  });
});

test('a file that is not there is named', async () => {
  const { code, err } = await drover(project, ['review', 'plans/none.json']);
  expect(code).toBe(2);
  expect(err).toMatch(/^drover: plan 'plans\/none.json' cannot be read: Error: ENOENT/);
});
