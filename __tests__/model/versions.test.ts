import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubernetesVersionOf, lattice, lineOf, pins, rancherVersionOf, supportsKubernetes } from '../../model/versions';
import { lab } from './lab';

test('the pins are one coherent set', () => {
  const line = lineOf(pins.rancher);
  expect(line?.provider).toBe(Number(pins.providers.rancher2.split('.')[0]));
  expect(line !== undefined && supportsKubernetes(line, pins.rke2)).toBe(true);
});

test.each(['aws', 'azurerm', 'helm', 'kubernetes', 'random', 'vault'] as const)(
  'the pinned %s provider is the bound one',
  (name) => {
    const manifest = join(__dirname, '../../node_modules/@cdktf', `provider-${name}`, 'package.json');
    const bound: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
    expect(bound).toMatchObject({ cdktf: { provider: { version: pins.providers[name] } } });
  },
);

test('lines of Rancher end before the Kubernetes that comes after them', () => {
  const line = lattice.find(({ rancher }) => rancher === '2.14') ?? { rancher: '', kubernetes: '', provider: 0 };
  const verdicts = ['v1.32.13+rke2r2', 'v1.33.0+rke2r1', 'v1.35.7+rke2r1', 'v1.36.0+rke2r1'].map((version) =>
    supportsKubernetes(line, version),
  );
  expect(verdicts).toEqual([false, true, true, false]);
});

test('a line is a whole minor, not the beginning of a number', () => {
  expect(lineOf('2.1.0')).toBeUndefined();
  expect(lineOf('2.14.4')?.rancher).toBe('2.14');
});

test('what an environment says wins over the pin', () => {
  const env = lab(['    site: us', '    site: us\n    kubernetesVersion: v1.34.10+rke2r1']);
  expect(kubernetesVersionOf(env, 'shop')).toBe('v1.34.10+rke2r1');
  expect(kubernetesVersionOf(env)).toBe(pins.rke2);
  expect(rancherVersionOf(env)).toBe(pins.rancher);
  expect(rancherVersionOf(lab(['  hostname:', '  rancherVersion: 2.14.3\n  hostname:']))).toBe('2.14.3');
});
