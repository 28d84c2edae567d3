import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { loadApp, loadApps } from '../../../model/release/app';

const folder = mkdtempSync(join(tmpdir(), 'app-names-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(file: string, name: string): string {
  const path = join(folder, file);
  const app = { name, team: 'shop', image: { repository: 'example/shop', tag: '1.0.0' } };
  writeFileSync(path, stringify({ ...app, placement: { clusters: ['shop'] } }));
  return path;
}

const GOLDEN = join(__dirname, '..', '..', 'golden');

const stack = z.looseObject({
  resource: z.looseObject({
    kubernetes_namespace_v1: z
      .record(z.string(), z.object({ metadata: z.looseObject({ name: z.string() }) }))
      .default({}),
    helm_release: z.record(z.string(), z.looseObject({ namespace: z.string() })).default({}),
  }),
});

/** Every namespace that the example environments make or use, but those of applications. */
function namespacesOfServices(): string[] {
  const files = readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.json') && !file.endsWith('-apps.json'),
  );
  const found = files.flatMap((file) => {
    const { success, data } = stack.safeParse(JSON.parse(readFileSync(join(GOLDEN, file), 'utf8')));
    if (!success) return [];
    const made = Object.values(data.resource.kubernetes_namespace_v1).map(({ metadata }) => metadata.name);
    const used = Object.values(data.resource.helm_release).map(({ namespace }) => namespace);
    return [...made, ...used.filter((it) => !it.startsWith('${'))];
  });
  return [...new Set(found)].sort();
}

test('the example environments have the namespaces of all services', () => {
  expect(namespacesOfServices()).toEqual([
    'cattle-system',
    'cert-manager',
    'ingress',
    'kube-system',
    'monitoring',
    'shared-volumes',
  ]);
});

test.each([
  ...namespacesOfServices(),
  'default',
  'kube-public',
  'kube-node-lease',
  'cattle-fleet-system',
  'cattle-monitoring-system',
  'fleet-default',
])('no application may be called %s, for that namespace is taken', (name) => {
  const path = write(`${name}.yaml`, name);
  expect(() => loadApp(path)).toThrow(
    `${relative('', path)}:1:7 name: "${name}" is not allowed: must not be a namespace that others have: ` +
      '"cert-manager", "ingress", "monitoring", "shared-volumes", "default" and all that begin with "kube-", "cattle-", ' +
      '"fleet-"; rename the application and its file',
  );
});

test.each(['kube', 'cattle', 'fleet', 'kubernetes', 'ingress-demo', 'defaults', 'storefront'])(
  'an application may be called %s',
  (name) => {
    expect(loadApp(write(`${name}.yaml`, name)).spec.name).toBe(name);
  },
);

test('a file that would not be read is refused with the name that would', () => {
  const apps = mkdtempSync(join(folder, 'apps-'));
  writeFileSync(join(apps, 'README.md'), 'no application');
  expect(loadApps(apps)).toEqual([]);
  writeFileSync(join(apps, 'shop.yml'), 'name: shop');
  expect(() => loadApps(apps)).toThrow(
    `'${relative('', join(apps, 'shop.yml'))}' would not be read: rename it to 'shop.yaml'`,
  );
});

test('a number in the place of text is told to be quoted, if it fits then', () => {
  const path = write('shop.yaml', 'shop');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('tag: 1.0.0', 'tag: 6.9'));
  expect(() => loadApp(path)).toThrow(
    `${relative('', path)}:5:8 image.tag: 6.9 is not allowed: must be an image tag; put it in quotes, for YAML reads a number`,
  );
  writeFileSync(path, text.replace('repository: example/shop', 'repository: true'));
  expect(() => loadApp(path)).toThrow(
    'image.repository: true is not allowed: must be text; put it in quotes, for YAML reads true or false',
  );
  writeFileSync(path, text.replace('tag: 1.0.0', 'digest: 69'));
  expect(() => loadApp(path)).toThrow('image.digest: 69 is not allowed: must be a digest: sha256: and 64 hex digits');
  writeFileSync(path, text.replace('team: shop', 'team: 7'));
  expect(() => loadApp(path)).toThrow(/team: 7 is not allowed: must be lower-case .* starting with a letter$/);
});

test('an empty file asks for an application', () => {
  const path = join(folder, 'empty.yaml');
  writeFileSync(path, '');
  expect(() => loadApp(path)).toThrow(`${relative('', path)}:1:1 the file is empty: write an application`);
});
