import { isDeepStrictEqual } from 'node:util';
import { drover, inside, machines, nodes, waitUntil } from './lab';

const MANAGEMENT = ['dev-management-s1', 'dev-management-s2', 'dev-management-s3'];
const ready = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((it) => [it, 'Ready']));
const named = (prefix: string): string[] => machines().flatMap((it) => (it.name.startsWith(prefix) ? [it.name] : []));

// A rehearsal without hosts may be up; machines that were only recorded are refused by name.
beforeAll(() => drover('--down'));

test('a deploy brings up every machine by its unchanged user data, and the second plans are empty', () => {
  const { code, stdout, stderr } = drover('--hosts', '--json');
  if (code !== 0) throw new Error(`${stderr}\n${stdout}`);
  console.log(stderr);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true });
  expect(machines().map((it) => it.bootstrap?.result)).toEqual(Array<string>(10).fill('ok'));
});

test('both clusters have exactly their machines as Ready nodes', async () => {
  const [management, members] = [ready(MANAGEMENT), Array<string>(7).fill('Ready')];
  await waitUntil('the servers are Ready', () => isDeepStrictEqual(nodes('dev-management-s1'), management), 180);
  await waitUntil('members are Ready', () => isDeepStrictEqual(Object.values(nodes('dev-shop-s1')), members), 180);
  expect(named('dev-shop-s')).toHaveLength(3);
});

test('the marker and the published values are what machines wrote, and no other cluster began', () => {
  const begun = MANAGEMENT.filter(
    (it) => inside(it, 'grep', '-q', 'beginning a new cluster', '/var/log/drover-bootstrap.log').code === 0,
  );
  expect(begun).toEqual(['dev-management-s1']);
});

test('what a role does not grant is refused: a worker does not read the secret of the management servers', () => {
  const worker = machines().find((it) => it.name.startsWith('dev-shop-workers'));
  const script = '. /opt/drover/bundle/lib.sh; . "$LIB_DIR/aws.sh"; ssm_get /drover/dev/management/join';
  const asked = inside(
    worker?.id ?? '',
    'bash',
    '-c',
    `export REGION=eu-west-1 BOOTSTRAP_LIB=/opt/drover/bundle/lib.sh; ${script}`,
  );
  expect(asked.code).not.toBe(0);
  expect(asked.stderr + asked.stdout).toContain('AccessDeniedException');
});
