import { Testing } from 'cdktf';
import { NetworkStack } from '../../stacks/network-stack';
import { ClusterStack } from '../../stacks/cluster-stack';
import { ServicesStack } from '../../stacks/services-stack';
import { AppsStack } from '../../stacks/apps-stack';
import { loadApps } from '../../model/release/app';
import { only } from '../support/synth';
import { environmentWith, addresses, parsed } from '../constructs/kubernetes/support';

const rancher = {
  url: 'https://rancher.dev.example.com',
  adminToken: {
    name: '/drover/dev/management/rancher-admin-token',
    handle: 'arn:aws:ssm:eu-west-1:1:parameter/drover/dev/management/rancher-admin-token',
    region: 'eu-west-1',
  },
};
const caCertificates = {
  name: '/drover/dev/management/rancher-ca',
  handle: 'arn:aws:ssm:eu-west-1:1:parameter/drover/dev/management/rancher-ca',
  region: 'eu-west-1',
};
const member = { rancherClusterId: 'c-m-12345678' };
const environment = environmentWith();

function names(addresses: readonly string[]): string[] {
  return addresses.map((address) => address.replace(/_[0-9A-F]{8}$/, ''));
}

describe('the services of a cluster', () => {
  const app = Testing.app();
  const { site } = new NetworkStack(app, environment, 'eu');
  const cluster = new ClusterStack(app, environment, 'shop', { site, rancher });
  const services = parsed(Testing.synth(new ServicesStack(app, environment, 'shop', { rancher, cluster }), true));

  test('are volumes, autoscaler, ingress and monitoring', () => {
    expect(names(addresses(services))).toEqual([
      'aws_iam_role.volumes-role',
      'aws_iam_role_policy.volumes-role_policy',
      'ephemeral.aws_ssm_parameter.rancher-token',
      'ephemeral.random_password.monitoring_password',
      'helm_release.autoscaler_cluster-autoscaler_release',
      'helm_release.ingress_haproxy_release',
      'helm_release.monitoring_prometheus_release',
      'helm_release.volumes_ebs-driver_release',
      'kubernetes_namespace_v1.ingress_namespace',
      'kubernetes_namespace_v1.monitoring_namespace',
      'kubernetes_secret_v1.monitoring_admin_secret',
    ]);
  });

  test('wear roles that trust exactly the service accounts that the charts make', () => {
    const { text } = parsed(Testing.synth(cluster));
    expect(text).toContain('system:serviceaccount:kube-system:cluster-autoscaler');
    expect(services.text).toContain('system:serviceaccount:kube-system:ebs-csi-controller-sa');
    expect(services.text).toContain('\\"serviceAccount\\" = {\\"name\\" = \\"cluster-autoscaler\\"}');
    expect(services.text).toContain('\\"serviceAccount\\" = {\\"name\\" = \\"ebs-csi-controller-sa\\"}');
  });

  test("make volumes with the key of the cluster's site, which their role may use", () => {
    const [key = 'no key'] = /aws_kms_key\.network_key_\w+\.arn/.exec(services.text) ?? [];
    const driver = Object.values(services.resource?.['helm_release'] ?? {}).find(
      ({ chart }) => chart === 'aws-ebs-csi-driver',
    );
    expect(driver).toMatchObject({ values: [expect.anything(), expect.stringContaining(`"kmsKeyId" = ${key}`)] });
    const { policy } = only(services.resource, 'aws_iam_role_policy');
    const { Statement: statements } = JSON.parse(String(policy)) as { Statement: { Sid: string; Resource: string }[] };
    expect(statements.filter(({ Resource: resource }) => resource === `\${${key}}`).map(({ Sid: sid }) => sid)).toEqual(
      ['EncryptVolumes', 'LendKeyToVolumes'],
    );
  });
});

describe('the providers of a member', () => {
  function providers(withCa: boolean): ReturnType<typeof parsed> {
    const handover = withCa ? { ...rancher, caCertificates } : rancher;
    const stack = new AppsStack(Testing.app(), environment, 'shop', { rancher: handover, cluster: member, apps: [] });
    return parsed(Testing.synth(stack, true));
  }
  const access = {
    host: 'https://rancher.dev.example.com/k8s/clusters/c-m-12345678',
    token: '${local.rancher-token-value}',
  };

  test("speak with it through Rancher's proxy, with a token that is opened for this run", () => {
    const { provider } = providers(false);
    expect(provider?.['kubernetes']).toEqual([expect.objectContaining(access)]);
    expect(provider?.['helm']).toEqual([{ kubernetes: access }]);
  });

  test("trust Rancher's own CA where it has one", () => {
    const trusted = { ...access, cluster_ca_certificate: '${local.rancher-ca-value}' };
    expect(providers(true).provider?.['helm']).toEqual([{ kubernetes: trusted }]);
  });

  test("leave Rancher's labels and annotations alone", () => {
    expect(providers(false).provider?.['kubernetes']).toEqual([
      expect.objectContaining({ ignore_annotations: ['.*cattle\\.io/.*'], ignore_labels: ['.*cattle\\.io/.*'] }),
    ]);
  });
});

describe('the applications of a cluster', () => {
  const apps = loadApps('releases/apps');
  const stack = new AppsStack(Testing.app(), environment, 'shop', { rancher, cluster: member, apps });
  const synthesized = parsed(Testing.synth(stack, true));

  test('are a namespace, a secret and a release each', () => {
    expect(names(addresses(synthesized))).toEqual([
      'data.aws_caller_identity.account',
      'data.aws_partition.partition',
      'ephemeral.aws_ssm_parameter.rancher-token',
      'ephemeral.aws_ssm_parameter.storefront-PAYMENT_KEY',
      'helm_release.storefront_app_release',
      'kubernetes_namespace_v1.storefront_namespace',
      'kubernetes_secret_v1.storefront_secret',
    ]);
  });

  test('come from the house chart, which travels with the output and is named by no absolute path', () => {
    const { chart } = only(synthesized.resource, 'helm_release');
    expect(chart).toMatch(/^\$\{path\.module\}\/assets\/chart\/[0-9A-F]{32}$/);
    expect(synthesized.text).not.toContain(process.cwd());
  });

  test('have values of their context, most specific last', () => {
    const { values } = only(synthesized.resource, 'helm_release');
    expect(values).toEqual([
      expect.stringContaining('PODINFO_UI_MESSAGE: Welcome to the shop (development)'),
      expect.stringContaining('"cluster" = "shop"'),
    ]);
    expect(values).toEqual([expect.stringContaining('host: storefront.shop.dev.example.com'), expect.anything()]);
  });

  test('have secrets that are read by reference and written to no state', () => {
    const secret = only(synthesized.resource, 'kubernetes_secret_v1');
    expect(secret).toMatchObject({
      data_wo: { PAYMENT_KEY: '${local.storefront-PAYMENT_KEY-value}' },
      data_wo_revision: 1,
    });
    const opened = Object.values(synthesized.ephemeral?.['aws_ssm_parameter'] ?? {}).map(({ arn }) => arn);
    expect(opened).toEqual([
      rancher.adminToken.handle,
      'arn:${data.aws_partition.partition.partition}:ssm:eu-west-1:${data.aws_caller_identity.account.account_id}:parameter/drover/dev/apps/storefront/payment-key',
    ]);
  });

  test('may be none: the stack stays, so that the last one is taken away', () => {
    const none = new AppsStack(Testing.app(), environment, 'shop', { rancher, cluster: member, apps: [] });
    expect(names(addresses(parsed(Testing.synth(none, true))))).toEqual(['ephemeral.aws_ssm_parameter.rancher-token']);
  });

  test('need a member that the environment has', () => {
    expect(() => new AppsStack(Testing.app(), environment, 'blog', { rancher, cluster: member, apps })).toThrow(
      "no cluster 'blog'",
    );
  });
});
