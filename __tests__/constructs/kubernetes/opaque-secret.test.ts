import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { Namespace } from '../../../constructs/kubernetes/namespace';
import { OpaqueSecret, type OpaqueSecretProps } from '../../../constructs/kubernetes/opaque-secret';
import { only } from '../../support/synth';
import { synthesize } from './support';

const identity = { cloud: 'aws', env: 'dev', region: 'eu-west-1', cluster: 'shop' };

function secret(changes: Partial<OpaqueSecretProps> = {}): Readonly<Record<string, unknown>> {
  const { resource } = synthesize((scope) => {
    new KubernetesProvider(scope, 'kubernetes');
    const { name } = new Namespace(scope, 'namespace', { name: 'web', podSecurity: 'restricted', identity });
    new OpaqueSecret(scope, 'keys', { name: 'keys', namespace: name, data: { KEY: 'value' }, version: 3, ...changes });
  });
  return only(resource, 'kubernetes_secret_v1');
}

describe('a secret', () => {
  test('goes into write-only data with its version, into the namespace that is there by then', () => {
    expect(secret()).toMatchObject({
      metadata: {
        name: 'keys',
        namespace: expect.stringMatching(/^\${kubernetes_namespace_v1\.namespace_\w+\.metadata\[0\]\.name}$/),
      },
      type: 'Opaque',
      data_wo: { KEY: 'value' },
      data_wo_revision: 3,
    });
    expect(secret()).not.toHaveProperty('data');
  });

  test('needs at least one key', () => {
    expect(() => secret({ data: {} })).toThrow("secret 'keys' has no keys; give at least one, or leave the secret out");
  });

  test.each([0, 1.5])('needs a whole version, not %d', (version) => {
    expect(() => secret({ version })).toThrow(
      `version (${version}) of secret 'keys' is not allowed; give a whole number from 1 upwards`,
    );
  });
});

describe('a namespace', () => {
  test('says where it stands and what its pods may do', () => {
    const { resource } = synthesize((scope) => {
      new KubernetesProvider(scope, 'kubernetes');
      new Namespace(scope, 'namespace', {
        name: 'web',
        podSecurity: 'baseline',
        identity,
        labels: { 'drover/team': 'a' },
      });
    });
    expect(only(resource, 'kubernetes_namespace_v1')).toMatchObject({
      metadata: {
        name: 'web',
        labels: {
          'drover/cloud': 'aws',
          'drover/env': 'dev',
          'drover/region': 'eu-west-1',
          'drover/cluster': 'shop',
          'drover/team': 'a',
          'pod-security.kubernetes.io/enforce': 'baseline',
          'pod-security.kubernetes.io/warn': 'baseline',
        },
      },
    });
  });
});
