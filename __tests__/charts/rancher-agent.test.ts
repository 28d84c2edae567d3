import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Tree } from './unknown-keys';

const CHART = 'charts/rancher-agent';
const templates = readdirSync(join(CHART, 'templates'));
const textOf = (file: string): string => readFileSync(join(CHART, file), 'utf8');
const template = (file: string): string => textOf(join('templates', file));
const values = parse(textOf('values.yaml')) as Tree;
const schemaText = JSON.parse(textOf('values.schema.json')) as z.core.JSONSchema.JSONSchema;
const schema = z.fromJSONSchema(schemaText);
const objects = templates.filter((file) => !file.startsWith('_'));

const sample = {
  url: 'https://rancher.example.com',
  token: 'abc',
  image: { repository: 'rancher/rancher-agent', tag: 'v2.14.4' },
};

function problemsOf(given: object): string[] {
  return (schema.safeParse(given).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe("the templates of the chart of Rancher's agent", () => {
  test.each(templates)('%s is short and, unless it is a helper, one object', (file) => {
    expect(template(file).split('\n').length).toBeLessThan(100);
    expect(template(file).match(/^kind: /gm) ?? []).toHaveLength(file.startsWith('_') ? 0 : 1);
  });

  test("make the objects of Rancher's own manifest under its names", () => {
    const made = objects.map((file) => {
      const [, kind] = /^kind: (.*)$/m.exec(template(file)) ?? [];
      const [, name] = /^ {2}name: (.*)$/m.exec(template(file)) ?? [];
      return `${kind ?? ''} ${name ?? ''}`;
    });
    expect(made.sort()).toEqual([
      'ClusterRole cattle-admin',
      'ClusterRoleBinding cattle-admin-binding',
      'Deployment cattle-cluster-agent',
      'Namespace {{ include "agent.namespace" . }}',
      'Secret {{ include "agent.credentials" . }}',
      'Service cattle-cluster-agent',
      'ServiceAccount cattle',
    ]);
    expect(template('_names.tpl')).toContain('\ncattle-system\n');
  });

  test.each(objects)('%s stays when the release goes, so that Rancher can clear the cluster through the agent', (file) => {
    expect(template(file)).toContain('{{- include "agent.annotations" . | nindent 4 }}');
    expect(template('_names.tpl')).toContain('helm.sh/resource-policy: keep');
  });

  test('close what they open', () => {
    for (const file of templates) {
      const opened = template(file).match(/{{-? *(if|range|with|define) /g) ?? [];
      const closed = template(file).match(/{{-? *end *-?}}/g) ?? [];
      expect({ file, ends: closed.length }).toEqual({ file, ends: opened.length });
    }
  });

  test('use only helpers that there are, and values that values.yaml explains', () => {
    const text = templates.map(template).join('\n');
    const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name = '']) => name);
    expect([...new Set(all(/include "([\w.]+)"/g))].sort()).toEqual(all(/define "([\w.]+)"/g).sort());
    const has = (path: string): boolean =>
      path.split('.').reduce<unknown>((at, key) => (at as Tree | undefined)?.[key], values) !== undefined;
    expect(all(/\.Values\.([A-Za-z.]+)/g).filter((path) => !has(path))).toEqual([]);
  });

  test('let the agent have no more rights over its node than it needs', () => {
    expect(template('deployment.yaml')).toContain('allowPrivilegeEscalation: false');
    expect(template('deployment.yaml')).toContain('type: RuntimeDefault');
    expect(template('deployment.yaml')).not.toContain('hostNetwork');
  });

  test('put the token into the secret alone', () => {
    const holders = templates.filter((file) => template(file).includes('.Values.token'));
    // The name of the secret follows a hash of it.
    expect(holders).toEqual(['_names.tpl', 'credentials.yaml']);
    expect(template('_names.tpl')).toMatch(/\.Values\.token \| sha256sum \| trunc 10/);
  });
});

describe("the values of the chart of Rancher's agent", () => {
  test('are all in the schema, and the schema has no others', () => {
    expect(Object.keys(schemaText.properties ?? {}).sort()).toEqual(Object.keys(values).sort());
    expect(problemsOf({ ...values, ...sample })).toEqual([]);
    expect(problemsOf({ ...values, ...sample, caChecksum: 'a'.repeat(64) })).toEqual([]);
  });

  test.each([
    [{ ...sample, url: 'http://rancher.example.com' }, 'url'],
    [{ ...sample, url: 'https://rancher.example.com/' }, 'url'],
    [{ ...sample, token: '' }, 'token'],
    [{ ...sample, caChecksum: 'none' }, 'caChecksum'],
    [{ ...sample, image: { repository: 'rancher/rancher-agent', tag: 'latest' } }, 'image.tag'],
    [{ ...sample, server: 'x' }, 'server'],
    [{ url: sample.url, image: sample.image }, 'token'],
  ])('are refused: %j', (given, about) => {
    expect(problemsOf(given).join('\n')).toContain(about);
  });
});
