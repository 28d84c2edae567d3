import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { Application } from '../../../constructs/kubernetes/application';
import type { AppRelease } from '../../../model/release/app-release';
import { only } from '../../support/synth';
import { addresses, synthesize } from './support';

const release: AppRelease = {
  name: 'web',
  identity: { cloud: 'aws', env: 'dev', region: 'eu-west-1', cluster: 'shop' },
  team: 'shop',
  values: { env: { NO: 'yes', AT: '12:30', HOME: '${HOME}' } },
  secrets: {},
  secretVersion: 4,
};

function application(secretValues: Record<string, string>): ReturnType<typeof synthesize> {
  return synthesize((scope) => {
    new KubernetesProvider(scope, 'kubernetes');
    new HelmProvider(scope, 'helm');
    new Application(scope, 'web', { release, chartPath: './chart', secretValues });
  });
}

describe('an application', () => {
  test('keeps texts that Helm would read as something else, and braces that Terraform would', () => {
    expect(only(application({}).resource, 'helm_release')['values']).toEqual([
      'env:\n  "NO": "yes"\n  AT: "12:30"\n  HOME: $${HOME}\n',
      expect.stringContaining('yamlencode'),
    ]);
  });

  test('without secrets has no secret', () => {
    expect(addresses(application({})).map((address) => address.replace(/_[0-9A-F]{8}$/, ''))).toEqual([
      'helm_release.web_app_release',
      'kubernetes_namespace_v1.web_namespace',
    ]);
  });

  test('restarts its pods when a secret has a new version', () => {
    const { values } = only(application({ KEY: 'value' }).resource, 'helm_release');
    expect(values).toEqual([expect.anything(), expect.stringMatching(/"secret" = {"name" = .*, "version" = 4}/)]);
  });

  test('belongs to its team, in a namespace that allows nothing special', () => {
    expect(only(application({}).resource, 'kubernetes_namespace_v1')).toMatchObject({
      metadata: { labels: { 'drover/team': 'shop', 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
  });
});
