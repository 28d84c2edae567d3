import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { loadEnvironments, type Environment } from '../../../model/environment';
import { ModelError } from '../../../model/errors';
import { loadApp, loadApps, type App } from '../../../model/release/app';
import { releaseOf, releasesIn } from '../../../model/release/app-release';
import { checkApps } from '../../../model/release/check-apps';
import { environmentWith, member } from '../../constructs/kubernetes/support';

const folder = mkdtempSync(join(tmpdir(), 'apps-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const shop = { name: 'shop', team: 'shop', image: { repository: 'example/shop', tag: '1.0.0' } };

function app(changes: object, file = 'shop'): App {
  const path = join(folder, `${file}.yaml`);
  writeFileSync(path, stringify({ ...shop, placement: { labels: { tier: 'shop' } }, ...changes }));
  return loadApp(path);
}

const environment = environmentWith({ clusters: { blog: member({ labels: { tier: 'blog' } }) } });
const place = { environment, cluster: 'shop' };

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^\S*\//gm, '') : String(error);
  }
  return 'nothing was thrown';
}

describe('placement', () => {
  test('by label takes every cluster that has all of the labels', () => {
    const apps = [app({})];
    expect(releasesIn(apps, place).map(({ name }) => name)).toEqual(['shop']);
    expect(releasesIn(apps, { environment, cluster: 'blog' })).toEqual([]);
  });

  test('by name takes these clusters, in these environments only', () => {
    const apps = [app({ placement: { clusters: ['blog'], environments: ['dev'] } })];
    const elsewhere: Environment = { ...environment, name: 'staging' };
    expect(releasesIn(apps, { environment, cluster: 'blog' })).toHaveLength(1);
    expect(releasesIn(apps, { environment: elsewhere, cluster: 'blog' })).toHaveLength(0);
  });
});

describe('values', () => {
  const env = (text: string): object => ({ env: { WHERE: text } });

  test('of the most specific context win, wherever they stand in the file', () => {
    const { spec } = app({
      values: { env: { WHERE: 'default', KEPT: 'yes' } },
      overrides: [
        { when: { cluster: 'shop' }, values: env('cluster') },
        { when: { cloud: 'aws', env: 'dev', region: 'eu-west-1' }, values: env('region, env and cloud') },
        { when: { env: 'dev' }, values: env('env') },
      ],
    });
    expect(releaseOf(spec, place).values['env']).toEqual({ WHERE: 'cluster', KEPT: 'yes' });
  });

  test('of equally specific contexts are taken from the later one', () => {
    const overrides = [
      { when: { env: 'dev' }, values: env('first') },
      { when: { env: 'dev' }, values: env('second') },
    ];
    expect(releaseOf(app({ overrides }).spec, place).values['env']).toEqual({ WHERE: 'second' });
  });

  test('of other contexts are left out', () => {
    const overrides = [{ when: { cluster: 'blog' }, values: env('blog') }];
    expect(releaseOf(app({ overrides }).spec, place).values).not.toHaveProperty('env');
  });

  test('name the host after application, cluster and domain', () => {
    const { values } = releaseOf(app({ ingress: { name: 'front' } }).spec, place);
    expect(values['ingress']).toEqual({ host: 'front.shop.dev.example.com', path: '/' });
  });

  test('of a tag take a digest of the default away, which would win', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const { spec } = app({
      image: { repository: 'example/shop', digest },
      overrides: [{ when: { env: 'dev' }, image: { tag: '1.1.0' } }],
    });
    expect(releaseOf(spec, place).values['image']).toEqual({ repository: 'example/shop', tag: '1.1.0', digest: '' });
  });

  test('bring secrets and their version of the context', () => {
    const { spec } = app({
      secrets: { KEY: 'ssm:/default/key', OTHER: 'ssm:/default/other' },
      overrides: [{ when: { env: 'dev' }, secrets: { KEY: 'ssm:/dev/key' }, secretVersion: 5 }],
    });
    const { secrets, secretVersion } = releaseOf(spec, place);
    expect(Object.fromEntries(Object.entries(secrets).map(([name, { place: at }]) => [name, at]))).toEqual({
      KEY: { kind: 'ssm', path: '/dev/key' },
      OTHER: { kind: 'ssm', path: '/default/other' },
    });
    expect(secretVersion).toBe(5);
  });
});

describe('an application is refused', () => {
  test.each([
    [
      { overrides: [{ when: { env: 'dev' } }, { when: { env: 'production' } }] },
      'shop.yaml:12:5 overrides[1].when: {"env":"production"} is not allowed: must fit one of its clusters: "dev/shop"',
    ],
    [
      { placement: { clusters: ['shop', 'blok'] } },
      'shop.yaml:9:7 placement.clusters[1]: "blok" is not allowed: must be one of "shop", "blog"',
    ],
    [
      { placement: { labels: { tier: 'none' } } },
      'shop.yaml:6:1 placement: {"labels":{"tier":"none"}} is not allowed: must fit at least one cluster: there are "dev/shop", "dev/blog"',
    ],
    [
      { overrides: [{ when: { env: 'dev' }, scaling: { min: 9 } }] },
      'shop.yaml:9:1 overrides: 9 is not allowed: scaling.min must not exceed scaling.max (4) in "dev/shop"',
    ],
  ])('where it goes: %j', (changes, message) => {
    expect(messageOf(() => checkApps([app(changes)], [environment]))).toBe(message);
  });

  test.each([
    [{ name: 'store' }, 'shop.yaml:1:7 name: "store" is not allowed: must be the name of the file, "shop"'],
    [
      { image: { repository: 'example/shop', tag: 'latest' } },
      'shop.yaml:5:8 image.tag: "latest" is not allowed: must be one version: "latest" names another image every day',
    ],
    [
      { scaling: { min: 3, max: 2, cpuPercent: 50 } },
      'shop.yaml:10:8 scaling.min: 3 is not allowed: must not exceed max (2)',
    ],
    [
      { placement: { environments: ['dev'] } },
      'shop.yaml:6:1 placement: {"environments":["dev"]} is not allowed: must name clusters or labels',
    ],
    [
      { values: { replicas: 3 } },
      'shop.yaml:10:3 values.replicas: unknown key: allowed are "args", "env", "probes", "resources", "network", "runAsUser", "terminationGracePeriodSeconds"',
    ],
  ])('by itself: %j', (changes, message) => {
    expect(messageOf(() => app(changes))).toBe(message);
  });

  test('whose secret lies where nobody reads', () => {
    expect(messageOf(() => app({ secrets: { KEY: 'env:KEY' } }))).toContain(
      "must be an 'ssm:/path', 'keyvault:name' or 'vault:mount/path#key' reference: the others have no reader",
    );
  });
});

describe('a secret that was pasted in place of its reference is not repeated', () => {
  const SECRET = 'hunter2-canary';
  const form = "must be a secret reference: 'ssm:/path', 'keyvault:name', 'vault:path#key' or 'env:NAME'";

  test.each([
    ['as a value', { secrets: { KEY: SECRET } }, `shop.yaml:10:8 secrets.KEY: ${form}`],
    [
      'as a value of an override',
      { overrides: [{ when: { env: 'dev' }, secrets: { KEY: SECRET } }] },
      `shop.yaml:13:12 overrides[0].secrets.KEY: ${form}`,
    ],
    ['as a number', { secrets: { KEY: 271828 } }, `shop.yaml:10:8 secrets.KEY: ${form}`],
    ['inside a map', { secrets: { KEY: { value: SECRET } } }, `shop.yaml:10:3 secrets.KEY: ${form}`],
    ['in place of the map', { secrets: SECRET }, 'shop.yaml:9:10 secrets: must be a map'],
    [
      'in a map in place of a list',
      { overrides: { secrets: { KEY: SECRET } } },
      'shop.yaml:9:1 overrides: must be a list',
    ],
  ])('%s', (_, changes, message) => {
    expect(messageOf(() => app(changes))).toBe(message);
  });

  test('while anything else is', () => {
    expect(messageOf(() => app({ secrets: { KEY: SECRET }, port: 80 }))).toContain(
      'port: 80 is not allowed: must be at least 1024',
    );
  });
});

test('a folder of applications that is not there is named, with what it should be', () => {
  const missing = join(folder, 'nowhere', 'apps');
  expect(() => loadApps(missing)).toThrow(
    new ModelError(
      `cannot read the applications in '${relative('', missing)}': it does not exist; it is the folder 'apps' in the ` +
        "one that 'RELEASES_DIR' names, without that in 'releases', and may be empty",
    ),
  );
});

test('an application that is not there is named', () => {
  const missing = join(folder, 'nothing.yaml');
  expect(() => loadApp(missing)).toThrow(`cannot read '${relative('', missing)}': it does not exist`);
});

test('the applications of the repository go where they say', () => {
  const apps = loadApps('releases/apps');
  expect(() => {
    checkApps(apps, loadEnvironments('environments'));
  }).not.toThrow();
  expect(apps.map(({ spec }) => spec.name)).toEqual(['storefront']);
});
