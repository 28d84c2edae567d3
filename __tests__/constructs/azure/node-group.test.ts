import { readFileSync } from 'node:fs';
import { nodeLabels } from '../../../constructs/bootstrap/node-labels';
import { raisedMembers } from '../../../model/lookup';
import type { Environment } from '../../../model/environment';
import { timesOfPlatform } from '../../../model/rules/platforms';
import { only, type Synthesized } from '../../support/synth';
import { machine, withShop } from './fixture';
import { machinesOf } from './machines-fixture';

const SET = 'azurerm_linux_virtual_machine_scale_set';

type Block = Record<string, unknown>;

const shopWith = (changes: object = {}): Environment =>
  withShop({ nodeGroups: { workers: { minSize: 2, maxSize: 6, machine, ...changes } } });
const withGroup = (changes: object = {}): Synthesized => machinesOf(shopWith(changes));
const groupOf = ({ resource }: Synthesized): Block => only(resource, SET, 'machines_groups_workers');

const synth = withGroup();
const group = groupOf(synth);

/** The only address of the only interface of the group's machines. */
function addressOf(of: Block): Block {
  const interfaces = of['network_interface'] as { ip_configuration: Block[] }[];
  const [address] = interfaces[0]?.ip_configuration ?? [];
  if (address === undefined || interfaces.length > 1) throw new Error('the group has not one interface');
  return address;
}

test('the autoscaler owns the size, Terraform everything else', () => {
  expect(group).toMatchObject({ name: 'staging-shop-workers', computer_name_prefix: 'staging-shop-workers' });
  expect(group).toMatchObject({ instances: 2, lifecycle: { ignore_changes: ['instances'] } });
});

test('a machine costs what is agreed, or in a group of spot machines what is left over, and goes for good', () => {
  for (const key of ['priority', 'eviction_policy', 'max_bid_price']) expect(group).not.toHaveProperty(key);
  expect(groupOf(withGroup({ spot: true }))).toMatchObject({
    priority: 'Spot',
    eviction_policy: 'Delete',
    max_bid_price: -1,
  });
});

test('no machine is made to be thrown away, and a zone that is out keeps none from being made elsewhere', () => {
  expect(group).toMatchObject({
    overprovision: false,
    zones: ['1', '2', '3'],
    zone_balance: false,
    single_placement_group: false,
  });
});

test('a change rolls through the group by new machines: old ones never begin anew under their name', () => {
  expect(group).toMatchObject({ upgrade_mode: 'Rolling' });
  expect(group['rolling_upgrade_policy']).toEqual({
    maximum_surge_instances_enabled: true,
    max_batch_instance_percent: 20,
    max_unhealthy_instance_percent: 20,
    max_unhealthy_upgraded_instance_percent: 20,
    pause_time_between_batches: 'PT5M',
    prioritize_unhealthy_instances_enabled: true,
  });
});

test('a machine that is not well is replaced, once it had its time', () => {
  const late = groupOf(withGroup({ joinTimeoutSec: 1200, healthGraceSec: 90, drainTimeoutSec: 600 }));
  expect(late).toMatchObject({
    automatic_instance_repair: { enabled: true, action: 'Replace', grace_period: 'PT22M' },
    extensions_time_budget: 'PT50M',
    termination_notification: { enabled: true, timeout: 'PT10M' },
    rolling_upgrade_policy: { pause_time_between_batches: 'PT10M' },
    timeouts: { create: '3600s', delete: '1200s' },
  });
});

test.each([
  ['shortest', { joinTimeoutSec: 600, healthGraceSec: 0, drainTimeoutSec: 30 }],
  ['longest', { joinTimeoutSec: 5400, healthGraceSec: 0, drainTimeoutSec: 900 }],
])('the %s times that an environment on Azure may ask for are within what Azure takes', (_, times) => {
  expect(timesOfPlatform.check(shopWith(times))).toEqual([]);
  const minutesOf = (block: string, key: string): number => {
    const { [block]: value } = groupOf(withGroup(times));
    return Number(/^PT(\d+)M$/.exec(String(key === '' ? value : (value as Block)[key]))?.[1]);
  };
  // https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-automatic-instance-repairs
  const grace = minutesOf('automatic_instance_repair', 'grace_period');
  expect([grace >= 10, grace <= 90]).toEqual([true, true]);
  // https://registry.terraform.io/providers/hashicorp/azurerm/4.55.0/docs/resources/linux_virtual_machine_scale_set
  const budget = minutesOf('extensions_time_budget', '');
  expect([budget >= 15, budget <= 120]).toEqual([true, true]);
  const notice = minutesOf('termination_notification', 'timeout');
  expect([notice >= 5, notice <= 15]).toEqual([true, true]);
});

describe('extensions', () => {
  const extensions = group['extension'] as { name: string; settings: string }[];
  const settingsOf = (name: string): unknown =>
    JSON.parse(extensions.find((it) => it.name === name)?.settings ?? 'null');

  test('ask the kubelet of the machine itself whether it is well', () => {
    expect(extensions[0]).toMatchObject({ publisher: 'Microsoft.ManagedServices', type: 'ApplicationHealthLinux' });
    expect(settingsOf('health')).toEqual({ protocol: 'http', port: 10248, requestPath: '/healthz' });
  });

  test('wait for the report of the bootstrap by the very script that was tested', () => {
    const { script } = settingsOf('await-ready') as { script: string };
    expect(Buffer.from(script, 'base64').toString('utf8')).toBe(readFileSync('userdata/await-ready.sh', 'utf8'));
  });

  test('are these two', () => {
    expect(extensions.map(({ name }) => name)).toEqual(['health', 'await-ready']);
  });
});

test('machines have one address, not a public one, in the subnet of workers and under the rules of the cluster', () => {
  expect(addressOf(group)).toEqual({
    name: 'address',
    primary: true,
    subnet_id: expect.stringContaining('subnets_workers'),
    application_security_group_ids: [expect.stringContaining('foundation_security_worker')],
    load_balancer_backend_address_pool_ids: [],
  });
  expect(group['network_interface']).toMatchObject([
    { network_security_group_id: expect.stringContaining('foundation_security_group') },
  ]);
});

test('disks are encrypted down to the caches of the host, the start is signed, and no password lets anybody in', () => {
  expect(group).toMatchObject({
    encryption_at_host_enabled: true,
    secure_boot_enabled: true,
    vtpm_enabled: true,
    disable_password_authentication: true,
    os_disk: { storage_account_type: 'Premium_LRS', disk_size_gb: 60 },
  });
  expect(group).not.toHaveProperty('admin_password');
});

test('a group has an identity of its own and starts after all its rights', () => {
  expect(group['identity']).toEqual({
    type: 'UserAssigned',
    identity_ids: [expect.stringContaining('machines_groups_workers_role_identity')],
  });
  expect(group['depends_on']).toEqual(
    ['bundle', 'registration-token', 'registration-checksum'].map((right) =>
      expect.stringContaining(`azurerm_role_assignment.machines_groups_workers_role_${right}_`),
    ),
  );
});

test('labels and taints that a machine registers with are those that the autoscaler expects', () => {
  const spec = { labels: { disk: 'fast', 'example.com/gpu_kind': 'a_1' }, taints: [] };
  const environment = withShop({
    nodeGroups: {
      workers: { maxSize: 6, machine, ...spec, taints: [{ key: 'only_for', value: 'batch', effect: 'NoSchedule' }] },
    },
  });
  const labelled = groupOf(machinesOf(environment));
  const shop = raisedMembers(environment)['shop']?.nodeGroups['workers'];
  if (shop === undefined) throw new Error("the fixture has no group 'workers'");
  const labels = nodeLabels({ environment, clusterName: 'shop', groupName: 'workers', spec: shop });
  const userData = String(labelled['custom_data']);
  for (const [key, value] of Object.entries(labels)) expect(userData).toContain(`${key}=${value}`);
  expect(userData).toContain('only_for=batch:NoSchedule');
  expect(expectedByAutoscaler(labelled['tags'] as Record<string, string>)).toEqual({
    labels,
    taints: { only_for: 'batch:NoSchedule' },
  });
});

test('only an ingress group takes web traffic', () => {
  const ingress = groupOf(withGroup({ role: 'ingress' }));
  expect(addressOf(ingress)).toMatchObject({
    application_security_group_ids: [expect.stringContaining('_worker_'), expect.stringContaining('_ingress_')],
    load_balancer_backend_address_pool_ids: [expect.stringContaining('foundation_plane_pools_web')],
  });
});

/**
 * Labels and taints as the autoscaler reads them from tags.
 * @see https://github.com/kubernetes/autoscaler/blob/cluster-autoscaler-1.35.2/cluster-autoscaler/cloudprovider/azure/azure_template.go
 */
function expectedByAutoscaler(tags: Readonly<Record<string, string>>): unknown {
  const read = (kind: string): Record<string, string> => {
    const prefix = `k8s.io_cluster-autoscaler_node-template_${kind}_`;
    const found = Object.entries(tags).filter(([key]) => key.startsWith(prefix));
    return Object.fromEntries(
      found.map(([key, value]) => [key.slice(prefix.length).replaceAll('_', '/').replaceAll('~2', '_'), value]),
    );
  };
  return { labels: read('label'), taints: read('taint') };
}
