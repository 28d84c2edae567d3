import { Testing } from 'cdktf';
import type { ISecret } from '../../constructs/platform/secret-store';
import type { Environment } from '../../model/environment';
import { ClusterStack } from '../../stacks/cluster-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { cloudConfigOf, settingsOf } from '../constructs/aws/cloud-config';
import { all, inventory, only, synthesized } from '../support/synth';
import { machine, withShop } from '../constructs/aws/machines-fixture';
import { evaluate } from '../constructs/aws/terraform-console';

const secret = (id: string): ISecret => ({
  name: `/drover/dev/management/${id}`,
  handle: `arn:aws:ssm:eu-west-1:123456789012:parameter/drover/dev/management/${id}`,
  region: 'eu-west-1',
});
const rancher = {
  url: 'https://rancher.dev.example.com',
  adminToken: secret('rancher-admin-token'),
  caCertificates: secret('rancher-ca'),
};

function build(environment: Environment): ClusterStack {
  const app = Testing.app();
  const { site } = new NetworkStack(app, environment, 'eu');
  return new ClusterStack(app, environment, 'shop', { site, rancher });
}

const groups = { workers: { maxSize: 3, machine }, web: { maxSize: 2, role: 'ingress', machine } };
const built = build(withShop({ labels: { tier: 'shop' }, nodeGroups: groups }));
const stack = synthesized(built);
const document = JSON.parse(stack.text) as { provider: unknown };

test('the stack consists of these', () => {
  expect(inventory(stack)).toMatchSnapshot();
});

test('Rancher is spoken to with an opened token and its own certificate authority', () => {
  expect(document.provider).toMatchObject({
    rancher2: [
      {
        api_url: 'https://rancher.dev.example.com',
        token_key: '${local.rancher-token-value}',
        ca_certs: '${local.rancher-ca-value}',
      },
    ],
  });
});

test('Rancher makes a cluster whose machines find their cloud, and forgets those that are gone', () => {
  expect(only(stack.resource, 'rancher2_cluster_v2')).toMatchObject({
    name: 'shop',
    kubernetes_version: 'v1.35.7+rke2r1',
    annotations: { 'rke.cattle.io/delete-missing-custom-machines-after': '600s' },
    labels: { tier: 'shop', 'drover/env': 'dev', 'drover/cluster': 'shop' },
    rke_config: {
      additional_manifest: expect.stringContaining(
        '--controllers=cloud-node-controller,cloud-node-lifecycle-controller',
      ),
      etcd: { snapshot_retention: 28, s3_config: { endpoint: 's3.eu-west-1.amazonaws.com', folder: 'shop' } },
    },
  });
});

test('RKE2 of a member leaves web traffic to the ingress service and has an issuer of its own', () => {
  const { rke_config: config } = only(stack.resource, 'rancher2_cluster_v2');
  const { machine_global_config: yaml } = config as { machine_global_config: string };
  const rendered = String(evaluate(yaml));
  const issuer = built.issuer;
  // of three servers together
  expect(rendered).toContain('"etcd-s3-retention": 84');
  expect(rendered).toContain('"ingress-controller": "none"');
  expect(rendered).toContain('"cloud-provider-name": "external"');
  expect(rendered).toContain(`"service-account-issuer=${issuer}"`);
  expect(rendered).toContain(`"service-account-jwks-uri=${issuer}/openid/v1/jwks"`);
  expect(rendered).not.toContain('protect-kernel-defaults');
});

test('token and checksum go to the secret store, write-only, with a version that hands them out anew', () => {
  const renewed = synthesized(build(withShop({ registrationVersion: 3 })));
  for (const id of ['token', 'checksum']) {
    const parameter = only(renewed.resource, 'aws_ssm_parameter', `secrets_registration-${id}`);
    expect(parameter).toMatchObject({ name: `/drover/dev/shop/registration-${id}`, value_wo_version: 3 });
    expect(parameter).not.toHaveProperty('value');
  }
});

test('a worker is told where it joins, what it is and which hooks it answers, and no secret', () => {
  const { user_data: userData } = only(stack.resource, 'aws_launch_template', 'machines_groups_workers');
  const config = cloudConfigOf(userData);
  expect(settingsOf(config)).toMatchSnapshot();
  expect(config.bytes).toBeLessThan(16 * 1024);
});

test('servers and groups start together, because Rancher waits for one of each kind', () => {
  const group = only(stack.resource, 'aws_autoscaling_group', 'machines_groups_workers');
  expect(JSON.stringify(group['depends_on'])).not.toContain('aws_ssm_association');
});

test('later stacks wait until the cluster is active, with all its machines', () => {
  expect(only(stack.resource, 'rancher2_cluster_sync')).toMatchObject({
    cluster_id: expect.stringMatching(/^\$\{rancher2_cluster_v2\.member_cluster_\w+\.cluster_v1_id\}$/),
    depends_on: [
      expect.stringContaining('aws_ssm_association.machines_servers_s1'),
      expect.stringContaining('aws_ssm_association.machines_servers_s2'),
      expect.stringContaining('aws_ssm_association.machines_servers_s3'),
      expect.stringContaining('aws_autoscaling_group.machines_groups_workers'),
      expect.stringContaining('aws_autoscaling_group.machines_groups_web'),
    ],
  });
});

test('the name of the cluster and every name below it lead to its ingress', () => {
  expect(built.ingressAddress).toBe('shop.dev.example.com');
  expect(
    all(stack.resource, 'aws_route53_record')
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['*.shop.dev.example.com', 'api.shop.dev.example.com', 'shop.dev.example.com']);
});

test('the autoscaler changes the groups of its own cluster alone', () => {
  const { policy } = only(stack.resource, 'aws_iam_role_policy', 'autoscaler');
  const { Statement: statements } = JSON.parse(String(policy)) as { Statement: object[] };
  expect(statements[1]).toMatchObject({
    Action: ['autoscaling:SetDesiredCapacity', 'autoscaling:TerminateInstanceInAutoScalingGroup'],
    Condition: { StringEquals: { 'autoscaling:ResourceTag/k8s.io/cluster-autoscaler/dev-shop': 'owned' } },
  });
});

test('a cluster that the environment does not have is refused by name', () => {
  const environment = withShop();
  const app = Testing.app();
  const { site } = new NetworkStack(app, environment, 'eu');
  expect(() => new ClusterStack(app, environment, 'store', { site, rancher })).toThrow(/no cluster 'store'/);
});

test('no number became garbage and no reference stayed unresolved', () => {
  expect(stack.text).not.toContain('e+298');
  expect(stack.text).not.toContain('TfToken');
});
