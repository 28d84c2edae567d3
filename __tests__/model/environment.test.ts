import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { loadEnvironment, loadEnvironments, parseEnvironment } from '../../model/environment';
import { InvalidEnvironmentError } from '../../model/errors';
import { raisedMembers } from '../../model/lookup';
import { lab, labText } from './lab';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'drover-environments-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const write = (name: string, text: string): string => {
  const file = join(dir, name);
  writeFileSync(file, text);
  return file;
};
const named = (name: string): string => labText.replace('name: lab', `name: ${name}`);
const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'nothing was thrown';
};

test('the example environment is valid', () => {
  const dev = loadEnvironment(join(__dirname, '..', '..', 'environments', 'dev.yaml'));
  expect(dev.file).toBe(join('environments', 'dev.yaml'));
  expect(raisedMembers(dev)['shop']?.nodeGroups.ingress?.role).toBe('ingress');
});

test('defaults are filled in, down to nested ones', () => {
  const { management, clusters } = lab();
  expect(management.backup).toEqual({ cron: '0 */6 * * *', retention: 28, retentionDays: 35 });
  expect(clusters.shop?.services.monitoring.retentionDays).toBe(10);
});

test('all problems of a file are told at once, in the order of its lines', () => {
  const text = labText
    .replace('domain: lab.example.com', 'domian: lab.example.com')
    .replace('maxSize: 3', 'maxSize: many')
    .replace('site: eu', 'site: EU');
  expect(messageOf(() => parseEnvironment(text, 'lab.yaml'))).toBe(
    [
      'lab.yaml:1:1 domain: is missing: must be a fully qualified DNS name in lower case',
      'lab.yaml:2:1 domian: unknown key: did you mean "domain"? allowed are "name", "domain", "dns", "state", "secrets", "tags", "rke2", "proxy", "registries", "bootstrap", "zabbix", "sites", "links", "management", "clusters"',
      'lab.yaml:9:9 management.site: "EU" is not allowed: must be lower-case letters, digits and single hyphens, starting with a letter',
      'lab.yaml:19:18 clusters.shop.nodeGroups.workers.maxSize: "many" is not allowed: must be a whole number',
      'lab.yaml:19:18 clusters.bank.nodeGroups.workers.maxSize: "many" is not allowed: must be a whole number',
    ].join('\n'),
  );
});

test('an unknown key does not hide what the rules between fields find', () => {
  const text = labText
    .replace('maxSize: 3', 'maxSize: 3\n        minSize: 4\n        colour: blue')
    .replace(/ {2}bank.*\n/, '');
  expect(messageOf(() => parseEnvironment(text, 'lab.yaml'))).toBe(
    [
      'lab.yaml:20:18 clusters.shop.nodeGroups.workers.minSize: 4 is not allowed: must not exceed maxSize (3)',
      'lab.yaml:21:9 clusters.shop.nodeGroups.workers.colour: unknown key: allowed are "site", "minSize", "maxSize", "role", "machine", "mixed", "spot", "labels", "taints", "docker", "joinTimeoutSec", "healthGraceSec", "drainTimeoutSec"',
    ].join('\n'),
  );
});

test.each([
  ['an empty file', '', 'lab.yaml:1:1 the file is empty: write an environment'],
  ['a file of comments', '# nothing\n', 'lab.yaml:1:1 the file is empty: write an environment'],
  ['a repeated key', 'name: lab\nname: lab\n', 'lab.yaml:2:1 not valid YAML: map keys must be unique'],
  ['a tab as indentation', 'dns:\n\tzone: a.b\n', 'lab.yaml:2:1 not valid YAML: tabs are not allowed as indentation'],
  ['an unknown tag', 'name: !secret lab\n', 'lab.yaml:1:7 not valid YAML: unresolved tag: !secret'],
  [
    'an unknown alias',
    'name: *lab\n',
    'lab.yaml:1:1 not valid YAML: unresolved alias (the anchor must be set before the alias): lab',
  ],
])('%s is no environment', (_, text, message) => {
  expect(messageOf(() => parseEnvironment(text, 'lab.yaml'))).toBe(message);
});

test('a file cannot grow without bounds by its aliases', () => {
  const levels = Array.from({ length: 8 }, (_, level) => {
    const aliases = Array.from({ length: 9 }, () => `*l${level}`);
    return `l${level + 1}: &l${level + 1} [${aliases.join(', ')}]`;
  });
  const text = ['l0: &l0 [a, a, a, a]', ...levels].join('\n');
  expect(messageOf(() => parseEnvironment(text, 'lab.yaml'))).toBe(
    'lab.yaml:1:1 not valid YAML: excessive alias count indicates a resource exhaustion attack',
  );
});

test('the name must be the name of the file', () => {
  expect(messageOf(() => parseEnvironment(labText, 'prod.yaml'))).toBe(
    'prod.yaml:1:7 name: "lab" is not allowed: must be the name of the file, "prod"',
  );
});

test('a file that is missing or a directory is named', () => {
  mkdirSync(join(dir, 'lab.yaml'));
  expect(messageOf(() => loadEnvironment(join(dir, 'no.yaml')))).toBe(
    `cannot read environment '${join(dir, 'no.yaml')}': it does not exist`,
  );
  expect(messageOf(() => loadEnvironment(join(dir, 'lab.yaml')))).toBe(
    `cannot read environment '${join(dir, 'lab.yaml')}': it is a directory`,
  );
});

test('environments of a folder come in the order of their names, or one of them alone', () => {
  write('prod.yaml', named('prod'));
  write('dev.yaml', named('dev'));
  write('README.md', '');
  expect(loadEnvironments(dir).map(({ name }) => name)).toEqual(['dev', 'prod']);
  expect(loadEnvironments(dir, 'prod').map(({ name }) => name)).toEqual(['prod']);
});

test('an environment alone does not suffer from a broken sibling', () => {
  write('prod.yaml', named('prod'));
  write('dev.yaml', 'name: 7');
  expect(loadEnvironments(dir, 'prod').map(({ name }) => name)).toEqual(['prod']);
});

test('problems of all files are told at once', () => {
  const files = ['a', 'b'].map((name) =>
    relative('', write(`${name}.yaml`, named(name).replace('site: eu', 'site: no'))),
  );
  expect(messageOf(() => loadEnvironments(dir))).toBe(
    files
      .map((file) => `${file}:9:9 management.site: "no" is not allowed: must be one of the sites "eu", "us"`)
      .join('\n'),
  );
  expect(() => loadEnvironments(dir)).toThrow(InvalidEnvironmentError);
});

test('a folder without environments, an unknown name and a wrong extension are refused', () => {
  expect(messageOf(() => loadEnvironments(dir))).toBe(`no environment in '${dir}': add a file <name>.yaml`);
  write('dev.yaml', named('dev'));
  expect(messageOf(() => loadEnvironments(dir, 'prod'))).toBe(`no environment 'prod' in '${dir}': known are 'dev'`);
  write('prod.yml', named('prod'));
  expect(messageOf(() => loadEnvironments(dir))).toBe(
    `'${join(dir, 'prod.yml')}' would not be read: rename it to 'prod.yaml'`,
  );
});

test('two environments never share a state', () => {
  const one = write('lab.yaml', named('lab').replace('shop:', 'eu-shop:'));
  const other = write('lab-eu.yaml', named('lab-eu'));
  expect(messageOf(() => loadEnvironments(dir))).toBe(
    `'${relative('', one)}' and '${relative('', other)}' would both have the stack 'lab-eu-shop-cluster', and so one state: rename one of them`,
  );
});
