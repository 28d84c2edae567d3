import { readFileSync } from 'node:fs';
import { Testing } from 'cdktf';
import { parse } from 'yaml';
import { ClusterStack } from '../../stacks/cluster-stack';
import { ManagementServersStack } from '../../stacks/management-servers-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { ServicesStack } from '../../stacks/services-stack';
import { cloudConfigOf, settingsOf, type CloudConfig } from '../constructs/aws/cloud-config';
import { all, only, synthesized, type Synthesized } from '../support/synth';
import { environmentWith, machine } from '../constructs/azure/fixture';

const adminToken = { name: 'token', handle: '/subscriptions/s/vaults/v/secrets/token', region: 'westeurope' };
const rancher = { url: 'https://rancher.staging.example.com', adminToken };
const backup = { retention: 12, retentionDays: 21 };
const environment = environmentWith({
  management: { site: 'weu', hostname: 'rancher.staging.example.com', servers: { machine }, backup },
  clusters: {
    shop: {
      site: 'weu',
      servers: { machine, count: 1 },
      nodeGroups: { workers: { maxSize: 3, machine, drainTimeoutSec: 420 } },
    },
  },
});

const app = Testing.app();
const { site } = new NetworkStack(app, environment, 'weu');
const managementStack = new ManagementServersStack(app, environment, { site, siteEgress: ['198.51.100.7/32'] });
const clusterStack = new ClusterStack(app, environment, 'shop', { site, rancher });
const services = synthesized(new ServicesStack(app, environment, 'shop', { rancher, cluster: clusterStack }));
const stacks = { management: synthesized(managementStack), shop: synthesized(clusterStack) };

const customData = (from: Synthesized, type: string, part: string): unknown =>
  only(from.resource, type, part)['custom_data'];
const configs: Readonly<Record<string, CloudConfig>> = {
  'management server': cloudConfigOf(
    customData(stacks.management, 'azurerm_linux_virtual_machine', 'management_servers_s1'),
  ),
  'member server': cloudConfigOf(customData(stacks.shop, 'azurerm_linux_virtual_machine', 'machines_servers_s1')),
  worker: cloudConfigOf(customData(stacks.shop, 'azurerm_linux_virtual_machine_scale_set', 'machines_groups_workers')),
};
const settings = (kind: string): string => {
  const config = configs[kind];
  if (config === undefined) throw new Error(`no user data of a ${kind}`);
  return settingsOf(config);
};

test.each(Object.entries(configs))('a %s finds beside the fetcher how to ask as its own identity', (_, config) => {
  expect(config.files['/opt/drover/fetch-azure.sh']).toBe(readFileSync('userdata/fetch-azure.sh', 'utf8'));
  expect(config.files['/opt/drover/fetch.sh']).toBe(readFileSync('userdata/fetch.sh', 'utf8'));
  expect(config.bytes).toBeLessThan(65535);
});

test.each([
  [
    'management server',
    '10-host 12-pod-metadata 20-data-disk 40-join-secret 50-rke2-install 60-rke2-server 61-publish 70-snapshot-copies 80-health',
  ],
  ['member server', '10-host 12-pod-metadata 20-data-disk 60-rancher-agent 61-publish 70-snapshot-copies 80-health'],
  ['worker', '10-host 12-pod-metadata 60-rancher-agent 80-health 85-leaving'],
])('a %s runs these steps', (kind, steps) => {
  expect(settings(kind)).toContain(`STEPS='${steps}'\n`);
});

test('a worker has emptied itself before its notice is over', () => {
  expect(only(stacks.shop.resource, 'azurerm_linux_virtual_machine_scale_set')).toMatchObject({
    termination_notification: { enabled: true, timeout: 'PT7M' },
  });
  expect(settings('worker')).toContain("LEAVE_DEADLINE_SEC='390'\n");
});

describe.each([
  ['management', 'management_snapshots', 'management server'],
  ['shop', 'foundation_snapshots', 'member server'],
] as const)('copies of the snapshots of cluster %s', (cluster, part, kind) => {
  const { resource } = stacks[cluster];
  const account = only(resource, 'azurerm_storage_account', part);

  test('lie in a private, versioned container that the subnets of servers alone reach', () => {
    expect(account).toMatchObject({
      shared_access_key_enabled: false,
      allow_nested_items_to_be_public: false,
      blob_properties: { versioning_enabled: true, delete_retention_policy: { days: 21 } },
      network_rules: { default_action: 'Deny' },
    });
    const { virtual_network_subnet_ids: subnets } = account['network_rules'] as {
      virtual_network_subnet_ids: string[];
    };
    expect(subnets).toHaveLength(3);
    for (const id of subnets) expect(id).toMatch(/subnets_servers-[123]/);
    expect(only(resource, 'azurerm_storage_container', part)).toMatchObject({
      name: 'snapshots',
      container_access_type: 'private',
    });
  });

  test('go by age, as the environment says, and their old versions do', () => {
    expect(only(resource, 'azurerm_storage_management_policy')['rule']).toEqual([
      {
        name: 'copies',
        enabled: true,
        filters: { blob_types: ['blockBlob'], prefix_match: ['snapshots/'] },
        actions: {
          base_blob: { delete_after_days_since_creation_greater_than: 21 },
          version: { delete_after_days_since_creation: 21 },
        },
      },
    ]);
  });

  test('are written by the servers, who are told where, and by no worker', () => {
    const roles = all(resource, 'azurerm_role_assignment').filter((it) => String(it['scope']).includes(part));
    expect(roles).toEqual([expect.objectContaining({ role_definition_name: 'Storage Blob Data Contributor' })]);
    const name = String(account['name']);
    expect(settings(kind)).toContain(`SNAPSHOT_CONTAINER='https://${name}.blob.core.windows.net/snapshots'\n`);
    expect(settings('worker')).not.toContain('SNAPSHOT');
  });
});

describe('what asks Azure from inside a cluster', () => {
  const valuesOf = (release: string): string =>
    JSON.stringify(Object.values(services.resource['helm_release'] ?? {}).find(({ name }) => name === release));

  test('is the autoscaler by an identity of its own', () => {
    const values = valuesOf('cluster-autoscaler');
    expect(values).toContain('azureUseWorkloadIdentityExtension');
    expect(values).toContain('AZURE_FEDERATED_TOKEN_FILE');
    expect(values).not.toContain('azureUseManagedIdentityExtension');
  });

  test('and the disk driver, on the servers and in their network: no other pod reaches their identity', () => {
    const file = readFileSync('releases/values/azuredisk-csi-driver.yaml', 'utf8');
    const { controller, linux } = parse(file) as { controller: object; linux: object };
    expect(controller).toMatchObject({
      hostNetwork: true,
      nodeSelector: { 'node-role.kubernetes.io/control-plane': 'true' },
      tolerations: expect.arrayContaining([
        { key: 'node-role.kubernetes.io/etcd', operator: 'Exists', effect: 'NoExecute' },
      ]),
    });
    expect(linux).toEqual({ hostNetwork: true });
    expect(valuesOf('azuredisk-csi-driver')).toMatch(/replicas.{1,8}1\D/);
  });
});
