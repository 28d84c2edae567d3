import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadApps } from '../../model/release/app';
import { releaseOf } from '../../model/release/app-release';
import { appValuesSpec } from '../../model/release/app-values';
import { environmentWith } from '../constructs/kubernetes/support';
import { unknownKeys, type Tree } from './unknown-keys';

const CHART = 'charts/app';
const templates = readdirSync(join(CHART, 'templates'));
const textOf = (file: string): string => readFileSync(join(CHART, file), 'utf8');
const values = parse(textOf('values.yaml')) as Tree;
const schemaText = JSON.parse(textOf('values.schema.json')) as z.core.JSONSchema.JSONSchema;
const schema = z.fromJSONSchema(schemaText);

const sample = { name: 'web', team: 'shop', image: { repository: 'example/web', tag: '1.0.0' } };

function problemsOf(given: object): string[] {
  return (schema.safeParse(given).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('the templates of the house chart', () => {
  test.each(templates)('%s is short and, unless it is a helper, one object', (file) => {
    const text = textOf(join('templates', file));
    expect(text.split('\n').length).toBeLessThan(100);
    expect(text.match(/^kind: /gm) ?? []).toHaveLength(file.startsWith('_') ? 0 : 1);
  });

  test('make these objects', () => {
    const kinds = templates.flatMap((file) => /^kind: (.*)$/m.exec(textOf(join('templates', file)))?.[1] ?? []);
    expect(kinds.sort()).toEqual([
      'Deployment',
      'HorizontalPodAutoscaler',
      'Ingress',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
    ]);
  });

  test('close what they open', () => {
    for (const file of templates) {
      const text = textOf(join('templates', file));
      const opened = text.match(/{{-? *(if|range|with|define) /g) ?? [];
      const closed = text.match(/{{-? *end *-?}}/g) ?? [];
      expect({ file, ends: closed.length }).toEqual({ file, ends: opened.length });
    }
  });

  test('use no value that values.yaml does not explain', () => {
    const used = templates.flatMap((file) =>
      [...textOf(join('templates', file)).matchAll(/\.Values\.([A-Za-z.]+)/g)].map(([, path = '']) => path),
    );
    const has = (path: string): boolean =>
      path.split('.').reduce<unknown>((at, key) => (at as Tree | undefined)?.[key], values) !== undefined;
    expect(used.filter((path) => !has(path))).toEqual([]);
  });
});

describe('the values of the house chart', () => {
  test('are all in the schema, and the schema has no others', () => {
    const properties = Object.keys(schemaText.properties ?? {});
    expect(properties.sort()).toEqual(Object.keys(values).sort());
    expect(problemsOf({ ...values, ...sample, image: { ...(values['image'] as object), ...sample.image } })).toEqual([]);
  });

  test('that an application may set are values of the chart', () => {
    expect(Object.keys(appValuesSpec.shape).filter((key) => !(key in values))).toEqual([]);
  });

  test.each([
    [{ ...sample, replicas: 3 }, 'replicas'],
    [{ ...sample, port: 80 }, '1024'],
    [{ ...sample, runAsUser: 0 }, 'runAsUser'],
    [{ ...sample, image: { repository: 'example/web', digest: 'sha256:short' } }, 'image.digest'],
    [{ ...sample, scaling: { cpuPercent: 150 } }, 'scaling.cpuPercent'],
    [{ name: 'web', team: 'shop' }, 'image'],
  ])('are refused: %j', (given, about) => {
    expect(problemsOf(given).join('\n')).toContain(about);
  });

  test('are what every application of the repository gives', () => {
    const place = { environment: environmentWith(), cluster: 'shop' };
    for (const { spec } of loadApps('releases/apps')) {
      const given = releaseOf(spec, place).values;
      expect(problemsOf(given)).toEqual([]);
      expect(unknownKeys(given, values)).toEqual([]);
    }
  });
});
