import { nameLimits } from '../../model/name-limits';
import type { NameKind } from '../../model/name-limits';
import { physicalName, uniquePart } from '../../model/naming';
import { nodeName } from '../../model/node-name';

const kinds = Object.keys(nameLimits) as NameKind[];
const longest = ['e'.repeat(24), 'c'.repeat(24), 'g'.repeat(24), 'p'.repeat(24)];

test('a name is its parts with hyphens, as long as it fits', () => {
  expect(physicalName('awsLoadBalancer', ['dev', 'shop', 'plane'])).toBe('dev-shop-plane');
});

test('parts with hyphens of their own do not run into each other', () => {
  const [one, other] = [
    physicalName('awsIamRole', ['dev', 'shop-eu', 'workers']),
    physicalName('awsIamRole', ['dev', 'shop', 'eu-workers']),
  ];
  expect(one).toBe('dev--shop-eu--workers');
  expect(other).toBe('dev--shop--eu-workers');
});

test('a name over the limit keeps a readable beginning and stays unique', () => {
  const name = physicalName('awsTargetGroup', ['production', 'marketplace', 'registration']);
  expect(name).toMatch(/^production-marketplace-re-[0-9a-f]{6}$/);
  expect(name).toHaveLength(32);
  expect(physicalName('awsTargetGroup', ['production', 'marketplace', 'regional'.repeat(3)])).not.toBe(name);
});

test('a cut never leaves a hyphen before the hash', () => {
  const name = physicalName('awsTargetGroup', ['production', 'marketplaces', 'x', 'registration']);
  expect(name).toMatch(/^production-marketplaces-x-[0-9a-f]{6}$/);
});

test.each(kinds)('%s never passes its limit and never ends in a hyphen', (kind) => {
  const { min, max, prefix } = nameLimits[kind];
  for (let count = 1; count <= longest.length; count++) {
    const name = physicalName(kind, longest.slice(0, count));
    expect(name.startsWith(prefix)).toBe(true);
    expect(name.length).toBeGreaterThanOrEqual(min);
    expect(name.length).toBeLessThanOrEqual(max);
    expect(name).not.toMatch(/-$/);
  }
});

test('parameters and log groups are paths', () => {
  expect(physicalName('awsSsmParameter', ['drover', 'dev', 'management', 'join-secret'])).toBe(
    '/drover/dev/management/join-secret',
  );
  expect(physicalName('awsLogGroup', ['drover', 'dev', 'eu', 'flow'])).toBe('/drover/dev/eu/flow');
  expect(physicalName('awsKmsAlias', ['drover', 'dev'])).toBe('alias/drover-dev');
});

test('every limit says where it is documented', () => {
  for (const kind of kinds) expect(nameLimits[kind].source).toMatch(/^https:\/\//);
});

test('what no platform takes is refused, and so is a value that is not known yet', () => {
  expect(() => physicalName('awsIamRole', [])).toThrow("a name of kind 'awsIamRole' needs at least one part");
  expect(() => physicalName('awsS3Bucket', ['dev', '${TfToken[TOKEN.1]}'])).toThrow(
    "'${TfToken[TOKEN.1]}' cannot be part of a name of kind 'awsS3Bucket': allowed is ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$ (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html)",
  );
  expect(() => physicalName('helmRelease', ['shop', ''])).toThrow("'' cannot be part of a name of kind 'helmRelease'");
  expect(() => physicalName('awsLaunchTemplate', ['ab'])).toThrow(
    "'ab' is too short for a name of kind 'awsLaunchTemplate': at least 3 characters",
  );
  expect(() => physicalName('rancherCluster', ['c', 'shops'])).toThrow(
    "'c-shops' is reserved as a name of kind 'rancherCluster': choose another environment or cluster name (https://github.com/rancher/webhook/pull/136)",
  );
});

test('installations are told apart by six hex digits', () => {
  expect(uniquePart('dev.example.com')).toMatch(/^[0-9a-f]{6}$/);
  expect(uniquePart('dev.example.com')).not.toBe(uniquePart('dev.example.org'));
});

test("a server's node has the environment, the cluster and the server in its name", () => {
  expect(nodeName({ name: 'dev' }, 'management', 's1')).toBe('dev-management-s1');
});

test('a storage account is letters and digits alone, and stays unique where it is cut', () => {
  expect(physicalName('azureStorageAccount', ['weu', 'bundles', 'a1b2c3'])).toBe('droverweubundlesa1b2c3');
  const cut = physicalName('azureStorageAccount', ['management', 'identity', 'a1b2c3']);
  expect(cut).toMatch(/^drovermanagementid[0-9a-f]{6}$/);
  expect(cut).toHaveLength(24);
  expect(() => physicalName('azureStorageAccount', ['shop-eu'])).toThrow("'shop-eu' cannot be part of a name");
});

test('a vault has 24 characters at most, whatever the environment is called', () => {
  const name = physicalName('azureKeyVault', ['production', 'west-europe', 'a1b2c3', '1']);
  expect(name).toMatch(/^drover-productio[\w-]*-[0-9a-f]{6}$/);
  expect(name.length).toBeLessThanOrEqual(24);
});
