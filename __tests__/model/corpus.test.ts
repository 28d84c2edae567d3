import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseEnvironment } from '../../model/environment';
import { environmentJsonSchema } from '../../model/json-schema';
import { rules } from '../../model/rules/all';
import { constraintsOf } from './schema-constraints';

const CORPUS = join(__dirname, '..', 'corpus');

/** Demands of the schema that JSON Schema cannot say. */
const REFINEMENTS = [
  'sites.refine',
  'clusters._.nodeGroups.refine',
  'management.backup.cron.refine',
  'clusters._.imported.api.token.refine',
  'clusters._.imported.api.ca.refine',
  'management.servers.machine.image.refine',
  'sites._.metal.hosts.refine',
  ...['aws', 'azure', 'metal'].map((platform) => `sites._.${platform}.zabbixKey.refine`),
  ...['accessKey', 'secretKey'].map((key) => `sites._.azure.snapshots.${key}.refine`),
  'zabbix.pskSecret.refine',
];

const casesIn = (folder: string): string[] =>
  readdirSync(join(CORPUS, folder))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();

function problemsOf(path: string): string {
  try {
    parseEnvironment(readFileSync(path, 'utf8'), 'lab.yaml');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
}

describe.each(['rules', 'schema'])('the corpus of invalid environments, %s', (folder) => {
  test.each(casesIn(folder))('%s is refused with its exact message', (name) => {
    const expected = readFileSync(join(CORPUS, folder, `${name}.txt`), 'utf8');
    expect(`${problemsOf(join(CORPUS, folder, `${name}.yaml`))}\n`).toBe(expected);
  });
});

test('every rule between fields has a case', () => {
  expect(casesIn('rules')).toEqual(rules.map((rule) => rule.id).sort());
});

test('every demand of the schema has a case', () => {
  const demands = constraintsOf(environmentJsonSchema()).map((constraint) => constraint.id);
  expect(casesIn('schema')).toEqual([...demands, ...REFINEMENTS].sort());
});

test('no two rules have one id', () => {
  expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
});
