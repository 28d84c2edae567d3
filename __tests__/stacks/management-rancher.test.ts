import { Testing } from 'cdktf';
import { SecretStore } from '../../constructs/aws/secret-store';
import { ManagementPolicyStack } from '../../stacks/management-policy-stack';
import { ManagementRancherStack } from '../../stacks/management-rancher-stack';
import type { ISite } from '../../stacks/platforms/platform';
import { only } from '../support/synth';
import { environmentWith, addresses, parsed, type Synthesized } from '../constructs/kubernetes/support';

const deployer = {
  name: '/drover/dev/management/deployer',
  handle: 'arn:aws:ssm:eu-west-1:1:parameter/drover/dev/management/deployer',
  region: 'eu-west-1',
};
const kmsKeyArn = 'arn:aws:kms:eu-west-1:1:key/k';
const site: Pick<ISite, 'secretStore'> = {
  secretStore: (scope, id, cluster) => new SecretStore(scope, id, { ...cluster, kmsKeyArn }),
};

function rancherStack(management: object = {}): ManagementRancherStack {
  return new ManagementRancherStack(Testing.app(), environmentWith({ management }), { servers: { deployer }, site });
}

function releaseOf({ resource }: Synthesized, name: string): Readonly<Record<string, unknown>> | undefined {
  return Object.values(resource?.['helm_release'] ?? {}).find((release) => release['name'] === name);
}

const letsEncrypt = {
  exposure: 'public',
  allowedCidrs: ['0.0.0.0/0'],
  tls: { source: 'letsEncrypt', email: 'platform@example.com' },
};

describe('Rancher on the management cluster', () => {
  const stack = rancherStack();
  const synthesized = parsed(Testing.synth(stack, true));

  test('consists of this', () => {
    expect(addresses(synthesized).map((address) => address.replace(/_[0-9A-F]{8}$/, ''))).toEqual([
      'aws_ssm_parameter.secrets_rancher-admin-token',
      'aws_ssm_parameter.secrets_rancher-ca',
      'data.kubernetes_resource.ca_setting',
      'ephemeral.aws_ssm_parameter.deployer',
      'ephemeral.aws_ssm_parameter.opened-rancher-ca',
      'helm_release.rancher_cert-manager_release',
      'helm_release.rancher_release',
      'kubernetes_namespace_v1.rancher_cert-manager-namespace',
      'kubernetes_namespace_v1.rancher_rancher-namespace',
      'rancher2_bootstrap.first-login',
      'random_password.admin-password',
      'terraform_data.first-login_token-version',
    ]);
  });

  test('is reached with a credential that is opened for this run', () => {
    const access = {
      host: '${jsondecode(local.deployer-value).host}',
      token: '${jsondecode(local.deployer-value).token}',
      cluster_ca_certificate: '${jsondecode(local.deployer-value).ca}',
    };
    expect(synthesized.locals).toMatchObject({
      'deployer-value': expect.stringContaining('ephemeral.aws_ssm_parameter.deployer.value') as string,
    });
    expect(synthesized.provider?.['helm']).toEqual([{ kubernetes: access }]);
    expect(synthesized.provider?.['kubernetes']).toEqual([expect.objectContaining(access)]);
  });

  test('gets its password by a write-only argument, and is left alone when an upgrade fails', () => {
    expect(releaseOf(synthesized, 'rancher')).toMatchObject({
      version: '2.14.4',
      atomic: false,
      timeout: 1800,
      set_wo: [{ name: 'bootstrapPassword', value: '${random_password.admin-password.result}' }],
      set_wo_revision: 1,
      depends_on: [expect.stringMatching(/^helm_release\.rancher_cert-manager_release_/)],
    });
  });

  test('has one pod a server, its host name, its own certificate and an audit log', () => {
    expect(releaseOf(synthesized, 'rancher')?.['values']).toEqual([
      expect.stringContaining('antiAffinity: required'),
      '${yamlencode({"global" = {"cloud" = "aws", "env" = "dev", "region" = "eu-west-1", "cluster" = "management"}, ' +
        '"hostname" = "rancher.dev.example.com", "replicas" = 3, "auditLog" = {"enabled" = true, "level" = 1}, ' +
        '"ingress" = {"tls" = {"source" = "rancher"}}, "agentTLSMode" = "strict"})}',
    ]);
  });

  test('has no more than three pods, however many servers there are', () => {
    const machine = { instanceType: 'm7i.large', image: 'ami-0123456789abcdef0' };
    const five = parsed(Testing.synth(rancherStack({ servers: { count: 5, machine } })));
    expect(releaseOf(five, 'rancher')?.['values']).toEqual([
      expect.anything(),
      expect.stringContaining('"replicas" = 3'),
    ]);
  });

  test("hands over the first login's token by the secret store, with its version", () => {
    const token = Object.values(synthesized.resource?.['aws_ssm_parameter'] ?? {}).find(
      ({ name }) => name === '/drover/dev/management/rancher-admin-token',
    );
    expect(token).toMatchObject({
      type: 'SecureString',
      key_id: kmsKeyArn,
      value_wo: expect.stringMatching(/^\$\{rancher2_bootstrap\.first-login_\w+\.token\}$/),
      value_wo_version: 1,
    });
    expect(stack.handover.url).toBe('https://rancher.dev.example.com');
  });

  test('is trusted by the CA that the Kubernetes API names, and by no other', () => {
    expect(only(synthesized.data, 'kubernetes_resource')).toMatchObject({
      api_version: 'management.cattle.io/v3',
      kind: 'Setting',
      metadata: { name: 'cacerts' },
    });
    expect(synthesized.provider?.['rancher2']).toEqual([
      {
        alias: 'bootstrap',
        api_url: 'https://rancher.dev.example.com',
        bootstrap: true,
        ca_certs: '${local.opened-rancher-ca-value}',
      },
    ]);
    expect(synthesized.text).not.toContain('insecure');
  });

  test('is publicly trusted with letsEncrypt: agents look at the system, and no CA is handed over', () => {
    const open = rancherStack(letsEncrypt);
    const text = parsed(Testing.synth(open, true));
    expect(releaseOf(text, 'rancher')?.['values']).toEqual([
      expect.anything(),
      expect.stringContaining('"agentTLSMode" = "system-store"'),
    ]);
    expect(text.provider?.['rancher2']).toEqual([expect.not.objectContaining({ ca_certs: expect.anything() })]);
    expect(open.handover).not.toHaveProperty('caCertificates');
  });

  test('is reached at the address that the environment gives instead', () => {
    const forwarded = rancherStack({ access: { endpoint: 'https://127.0.0.1:16443' } });
    expect(parsed(Testing.synth(forwarded)).provider?.['kubernetes']).toEqual([
      expect.objectContaining({ host: 'https://127.0.0.1:16443' }),
    ]);
  });
});

describe('the policy stack', () => {
  test('speaks with Rancher as the administrator, whose token it opens for this run', () => {
    const rancher = { url: 'https://rancher.dev.example.com', adminToken: deployer };
    const stack = new ManagementPolicyStack(Testing.app(), environmentWith(), { rancher });
    expect(parsed(Testing.synth(stack, true)).provider?.['rancher2']).toEqual([
      { api_url: 'https://rancher.dev.example.com', token_key: '${local.rancher-token-value}' },
    ]);
  });
});
