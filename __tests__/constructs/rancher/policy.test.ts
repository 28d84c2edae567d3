import { Rancher2Provider } from '@cdktf/provider-rancher2/lib/provider';
import { TerraformOutput, TerraformResource } from 'cdktf';
import { FirstLogin } from '../../../constructs/rancher/first-login';
import { Policy } from '../../../constructs/rancher/policy';
import { only } from '../../support/synth';
import { addresses, synthesize } from '../kubernetes/support';

describe('the policy', () => {
  const policyOf = (rancherVersion: string): ReturnType<typeof synthesize> =>
    synthesize((scope) => {
      new Rancher2Provider(scope, 'rancher2', { apiUrl: 'https://rancher.example.com' });
      new Policy(scope, 'policy', { rancherVersion });
    });
  const policy = policyOf('2.14.4');
  const settingOf = (name: string): unknown =>
    Object.values(policy.resource?.['rancher2_setting'] ?? {}).find((setting) => setting['name'] === name)?.['value'];

  test('turns rotating registration tokens off, with which later machines could not join', () => {
    expect(only(policy.resource, 'rancher2_feature')).toMatchObject({ name: 'crt-token-ttl-rotation', value: false });
  });

  test.each(['2.14.3', '2.13.7', '2.12.12'])(
    'does not name the feature to Rancher %s, which does not know it',
    (version) => {
      expect(policyOf(version).resource).not.toHaveProperty('rancher2_feature');
    },
  );

  test('puts no token into kubeconfigs and lets tokens live for 90 days at most', () => {
    expect(settingOf('kubeconfig-generate-token')).toBe('false');
    expect(settingOf('auth-token-max-ttl-minutes')).toBe(String(90 * 24 * 60));
  });

  test('ends an idle session before the session', () => {
    expect(Number(settingOf('auth-user-session-idle-ttl-minutes'))).toBeLessThan(
      Number(settingOf('auth-user-session-ttl-minutes')),
    );
  });

  test('has one resource for each setting and feature', () => {
    expect(addresses(policy).map((address) => address.replace(/_[0-9A-F]{8}$/, ''))).toEqual([
      'rancher2_feature.policy_crt-token-ttl-rotation',
      'rancher2_setting.policy_auth-token-max-ttl-minutes',
      'rancher2_setting.policy_auth-user-session-idle-ttl-minutes',
      'rancher2_setting.policy_auth-user-session-ttl-minutes',
      'rancher2_setting.policy_kubeconfig-default-token-ttl-minutes',
      'rancher2_setting.policy_kubeconfig-generate-token',
      'rancher2_setting.policy_password-min-length',
    ]);
  });
});

describe('the first login', () => {
  const login = synthesize((scope) => {
    const provider = new Rancher2Provider(scope, 'rancher2', { alias: 'bootstrap', bootstrap: true });
    const rancher = new TerraformResource(scope, 'rancher', { terraformResourceType: 'helm_release' });
    const { token } = new FirstLogin(scope, 'login', { provider, password: 'secret', tokenVersion: 7, rancher });
    new TerraformOutput(scope, 'token', { value: token, sensitive: true });
  });

  test('waits for Rancher and asks for a token of 90 days', () => {
    expect(only(login.resource, 'rancher2_bootstrap')).toMatchObject({
      provider: 'rancher2.bootstrap',
      token_ttl: 7776000,
      depends_on: ['helm_release.rancher'],
    });
  });

  test('leaves token_update alone, which the provider writes back by itself', () => {
    expect(only(login.resource, 'rancher2_bootstrap')).not.toHaveProperty('token_update');
  });

  test('logs in anew when the version is raised, with the password that it had before', () => {
    expect(only(login.resource, 'terraform_data')).toMatchObject({ input: 7 });
    const block = only(login.resource, 'rancher2_bootstrap');
    expect(block).toMatchObject({
      lifecycle: { replace_triggered_by: [expect.stringMatching(/^terraform_data\.login_token-version_\w+$/)] },
    });
    expect(block['initial_password']).toBe(block['password']);
  });
});
