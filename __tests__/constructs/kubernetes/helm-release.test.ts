import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { HelmRelease, type HelmReleaseProps } from '../../../constructs/kubernetes/helm-release';
import { only } from '../../support/synth';
import { synthesize } from './support';

const identity = { cloud: 'aws', env: 'dev', region: 'eu-west-1', cluster: 'shop' };

function release(changes: Partial<HelmReleaseProps> = {}): Readonly<Record<string, unknown>> {
  const { resource } = synthesize((scope) => {
    new HelmProvider(scope, 'helm');
    new HelmRelease(scope, 'web', {
      name: 'web',
      namespace: 'web',
      chart: { chart: 'web', repository: 'https://charts.example.com', version: '1.2.3', values: 'replicas: 2\n' },
      identity,
      ...changes,
    });
  });
  return only(resource, 'helm_release');
}

describe('a Helm release', () => {
  test('is pinned, waited for and rolled back when it fails', () => {
    expect(release()).toMatchObject({
      name: 'web',
      namespace: 'web',
      chart: 'web',
      repository: 'https://charts.example.com',
      version: '1.2.3',
      atomic: true,
      cleanup_on_fail: true,
      wait: true,
      wait_for_jobs: true,
      timeout: 600,
      max_history: 5,
      create_namespace: false,
    });
  });

  test('reads the values file first and lays identity and overlay over it', () => {
    expect(release({ overlay: { port: 8080 } })['values']).toEqual([
      'replicas: 2\n',
      '${yamlencode({"global" = {"cloud" = "aws", "env" = "dev", "region" = "eu-west-1", "cluster" = "shop"}, "port" = 8080})}',
    ]);
  });

  test('keeps braces of a values file away from Terraform', () => {
    const values = 'a: ${HOME}\nb: "%{ if x }"\nc: $plain\n';
    expect(release({ chart: { chart: 'web', values } })['values']).toEqual([
      'a: $${HOME}\nb: "%%{ if x }"\nc: $plain\n',
      expect.stringContaining('yamlencode'),
    ]);
  });

  test('hands secrets over by write-only arguments and never by set or set_sensitive', () => {
    const block = release({
      secretValues: { values: { password: '${ephemeral.random_password.x.result}' }, revision: 4 },
    });
    expect(block).toMatchObject({
      set_wo: [{ name: 'password', value: '${ephemeral.random_password.x.result}' }],
      set_wo_revision: 4,
    });
    expect(Object.keys(block)).not.toEqual(expect.arrayContaining(['set']));
    expect(Object.keys(block)).not.toEqual(expect.arrayContaining(['set_sensitive']));
  });

  test('stays as it is for a person to look at, where going back would do harm', () => {
    expect(release({ onFailure: 'stay', timeoutSec: 1800 })).toMatchObject({
      atomic: false,
      cleanup_on_fail: false,
      timeout: 1800,
    });
  });

  test.each(['Web', 'web_1', 'a'.repeat(54)])('refuses the name %s', (name) => {
    expect(() => release({ name })).toThrow(
      `release name '${name}' is not allowed; give at most 53 lower-case letters, digits and hyphens`,
    );
  });

  test('refuses an overlay that would hide its identity', () => {
    expect(() => release({ overlay: { global: { env: 'production' } } })).toThrow(
      "the overlay of release 'web' has the key 'global'; leave it out, every release gets its identity there",
    );
  });
});
