import { Testing } from 'cdktf';
import type { ISecret } from '../../constructs/platform/secret-store';
import type { Environment } from '../../model/environment';
import { loadApps } from '../../model/release/app';
import { AppsStack } from '../../stacks/apps-stack';
import { ClusterStack } from '../../stacks/cluster-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { ServicesStack } from '../../stacks/services-stack';
import { cloudConfigOf, settingsOf } from '../constructs/aws/cloud-config';
import { all, inventory, only, synthesized } from '../support/synth';
import { machine, withShop } from '../constructs/azure/fixture';

const secret = (id: string): ISecret => ({
  name: `management-${id}`,
  handle: `/subscriptions/s/vaults/v/secrets/management-${id}`,
  region: 'westeurope',
});
const rancher = { url: 'https://rancher.staging.example.com', adminToken: secret('token') };

function build(environment: Environment): { cluster: ClusterStack; services: ServicesStack } {
  const app = Testing.app();
  const { site } = new NetworkStack(app, environment, 'weu');
  const cluster = new ClusterStack(app, environment, 'shop', { site, rancher });
  return { cluster, services: new ServicesStack(app, environment, 'shop', { rancher, cluster }) };
}

const taint = { key: 'dedicated', value: 'web', effect: 'NoSchedule' };
const groups = {
  workers: { minSize: 2, maxSize: 6, machine, joinTimeoutSec: 1200, drainTimeoutSec: 600 },
  web: { maxSize: 2, role: 'ingress', machine, labels: { 'example.com/tier': 'web' }, taints: [taint] },
};
const environment = withShop({ labels: { tier: 'shop' }, nodeGroups: groups });
const { cluster, services } = build(environment);
const stack = synthesized(cluster);
const group = (name: string): Record<string, unknown> =>
  only(stack.resource, 'azurerm_linux_virtual_machine_scale_set', `machines_groups_${name}`);

test('the stack consists of these', () => {
  expect(inventory(stack)).toMatchSnapshot();
});

test('a group makes no machine only to throw it away, and replaces those that are not well', () => {
  expect(group('workers')).toMatchObject({
    name: 'staging-shop-workers',
    instances: 2,
    overprovision: false,
    single_placement_group: false,
    zones: ['1', '2', '3'],
    upgrade_mode: 'Rolling',
    rolling_upgrade_policy: { pause_time_between_batches: 'PT10M' },
    automatic_instance_repair: { enabled: true, action: 'Replace', grace_period: 'PT21M' },
    termination_notification: { enabled: true, timeout: 'PT10M' },
    lifecycle: { ignore_changes: ['instances'] },
  });
});

test('a machine counts by its report and by the health of its kubelet', () => {
  const extensions = group('workers')['extension'] as { type: string; settings: string }[];
  expect(extensions.map(({ type }) => type)).toEqual(['ApplicationHealthLinux', 'CustomScript']);
  expect(JSON.parse(extensions[0]?.settings ?? '')).toEqual({ protocol: 'http', port: 10248, requestPath: '/healthz' });
});

test('the autoscaler finds a group, its bounds, and what an empty one would be like', () => {
  expect(group('web')['tags']).toMatchObject({
    'cluster-autoscaler-enabled': 'true',
    'cluster-autoscaler-name': 'staging-shop',
    min: '1',
    max: '2',
    'k8s.io_cluster-autoscaler_node-template_label_example.com_tier': 'web',
    'k8s.io_cluster-autoscaler_node-template_label_drover_role': 'ingress',
    'k8s.io_cluster-autoscaler_node-template_taint_dedicated': 'web:NoSchedule',
  });
});

test('only machines of an ingress group take web traffic', () => {
  const pools = (name: string): number => {
    const [it] = group(name)['network_interface'] as {
      ip_configuration: { load_balancer_backend_address_pool_ids: [] }[];
    }[];
    return it?.ip_configuration[0]?.load_balancer_backend_address_pool_ids.length ?? -1;
  };
  expect([pools('workers'), pools('web')]).toEqual([0, 1]);
});

test('a worker is told where it joins and where its secrets lie, answers no hook, and is told no secret', () => {
  const config = cloudConfigOf(group('workers')['custom_data']);
  expect(settingsOf(config)).toMatchSnapshot();
  expect(config.bytes).toBeLessThan(65535);
});

test("a group's machines read its registration and the scripts, and nothing else", () => {
  const roles = all(stack.resource, 'azurerm_role_assignment', 'machines_groups_workers');
  expect(roles.map((it) => it['role_definition_name']).sort()).toEqual([
    'Key Vault Secrets User',
    'Key Vault Secrets User',
    'Storage Blob Data Reader',
  ]);
});

test('Rancher makes a cluster whose controllers know Azure and hold no credential', () => {
  const { rke_config: config } = only(stack.resource, 'rancher2_cluster_v2');
  const { additional_manifest: manifest } = config as { additional_manifest: string };
  expect(manifest).toContain('name: azure-cloud-config');
  expect(manifest).toContain('"useManagedIdentityExtension":true');
  expect(manifest).toContain('clusterName: staging-shop');
  expect(manifest).not.toMatch(/aadClient|[Pp]assword/);
});

test('names lead to the servers and to the ingress', () => {
  const names = all(stack.resource, 'azurerm_dns_a_record').map(({ name }) => name);
  expect(names.sort()).toEqual(['*.shop', 'api.shop', 'join.shop', 'shop']);
  expect(cluster.ingressAddress).toBe('shop.staging.example.com');
});

test('the autoscaler has an identity that no other pod can take, in the group of its own cluster', () => {
  expect(only(stack.resource, 'azurerm_federated_identity_credential')).toMatchObject({
    subject: 'system:serviceaccount:kube-system:cluster-autoscaler',
    audience: ['api://AzureADTokenExchange'],
    issuer: cluster.issuer,
  });
  expect(cluster.issuer).toMatch(/^https:\/\/drover[a-z0-9]{1,18}\.blob\.core\.windows\.net\/identity$/);
  expect(only(stack.resource, 'azurerm_role_assignment', 'autoscaler')['scope']).toContain('foundation_group');
});

test('services bring volumes with a class of their own, and the autoscaler of Azure', () => {
  const synth = synthesized(services);
  expect(only(synth.resource, 'kubernetes_storage_class_v1')).toMatchObject({
    storage_provisioner: 'disk.csi.azure.com',
    volume_binding_mode: 'WaitForFirstConsumer',
  });
  const releases = Object.values(synth.resource['helm_release'] ?? {}).map(({ name }) => name);
  expect(releases.sort()).toEqual(['azuredisk-csi-driver', 'cluster-autoscaler', 'haproxy', 'prometheus']);
  expect(synth.text).toContain('\\"cloudProvider\\" = \\"azure\\"');
});

test("an application's secret is found in the vault of the site", () => {
  const apps = loadApps('releases/apps');
  const app = new AppsStack(Testing.app(), environment, 'shop', {
    rancher,
    cluster: { rancherClusterId: 'c-m-1' },
    apps,
  });
  const { data, text } = synthesized(app);
  expect(only(data, 'azurerm_key_vault')).toMatchObject({ resource_group_name: 'drover-staging-weu' });
  expect(text).toContain('"name": "storefront-payment-key"');
});
