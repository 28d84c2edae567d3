import { only } from '../../support/synth';
import { machine, machinesOf, withShop } from './machines-fixture';

const GROUP = 'machines_groups_workers';
const withGroup = (changes: object = {}): ReturnType<typeof machinesOf> =>
  machinesOf(withShop({ nodeGroups: { workers: { minSize: 2, maxSize: 6, machine, ...changes } } }));
const { resource } = withGroup();

/** Value of a tag of the group. */
function tagOf(group: Record<string, unknown>, key: string): unknown {
  const tags = group['tag'] as { key: string; value: string }[];
  return tags.find((tag) => tag.key === key)?.value;
}

test('the autoscaler owns the size, and the first hook may change without replacing the group', () => {
  const group = only(resource, 'aws_autoscaling_group', GROUP);
  expect(group).toMatchObject({
    name: 'drover-dev-shop-workers',
    min_size: 2,
    max_size: 6,
    lifecycle: { ignore_changes: ['desired_capacity', 'initial_lifecycle_hook'] },
    suspended_processes: ['AZRebalance'],
  });
  expect(group).not.toHaveProperty('desired_capacity');
});

test('a machine serves after it has joined and leaves after its pods have', () => {
  const times = withGroup({ joinTimeoutSec: 1200, healthGraceSec: 30, drainTimeoutSec: 600 }).resource;
  expect(only(times, 'aws_autoscaling_group', GROUP)).toMatchObject({
    initial_lifecycle_hook: [
      {
        name: 'joined',
        lifecycle_transition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        default_result: 'ABANDON',
        heartbeat_timeout: 7200,
      },
    ],
    health_check_grace_period: 30,
    wait_for_capacity_timeout: '3000s',
    timeouts: { delete: '1200s' },
  });
  expect(only(times, 'aws_autoscaling_lifecycle_hook', `${GROUP}_hooks_joined`)).toMatchObject({
    name: 'joined',
    heartbeat_timeout: 1200,
    default_result: 'ABANDON',
  });
  expect(only(times, 'aws_autoscaling_lifecycle_hook', `${GROUP}_hooks_leaving`)).toMatchObject({
    lifecycle_transition: 'autoscaling:EC2_INSTANCE_TERMINATING',
    heartbeat_timeout: 600,
    default_result: 'CONTINUE',
  });
});

test('a change rolls through the group without losing a machine, and rolls back', () => {
  expect(only(resource, 'aws_autoscaling_group', GROUP)).toMatchObject({
    instance_refresh: {
      strategy: 'Rolling',
      preferences: {
        min_healthy_percentage: 100,
        max_healthy_percentage: 110,
        auto_rollback: true,
        skip_matching: true,
      },
    },
    launch_template: { version: expect.stringMatching(/^\$\{aws_launch_template\.[\w]+\.latest_version\}$/) },
  });
});

test('machines have no public address, no log-in key, one tagged group and encrypted disks', () => {
  const template = only(resource, 'aws_launch_template', GROUP);
  expect(template).toMatchObject({
    metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 1 },
    network_interfaces: [
      {
        associate_public_ip_address: 'false',
        security_groups: [expect.stringContaining('foundation_security_worker')],
      },
    ],
    block_device_mappings: [{ device_name: '/dev/sda1', ebs: { encrypted: 'true', volume_size: 60 } }],
  });
  expect(template).not.toHaveProperty('key_name');
});

test('machines, disks and interfaces of the group carry the identity, machines the tag of the cluster', () => {
  expect(only(resource, 'aws_launch_template', GROUP)).toMatchObject({
    tag_specifications: [
      {
        resource_type: 'instance',
        tags: { Name: 'dev-shop-workers', 'drover:cluster': 'shop', 'kubernetes.io/cluster/dev-shop': 'owned' },
      },
      { resource_type: 'volume', tags: { 'drover:cluster': 'shop' } },
      { resource_type: 'network-interface', tags: { 'drover:cluster': 'shop' } },
    ],
  });
});

test('the autoscaler finds the group and knows its nodes while there is none', () => {
  const labelled = withGroup({
    minSize: 0,
    labels: { disk: 'fast' },
    taints: [{ key: 'only', value: 'batch', effect: 'NoSchedule' }],
  }).resource;
  const group = only(labelled, 'aws_autoscaling_group', GROUP);
  const template = 'k8s.io/cluster-autoscaler/node-template';
  expect(tagOf(group, 'k8s.io/cluster-autoscaler/enabled')).toBe('true');
  expect(tagOf(group, 'k8s.io/cluster-autoscaler/dev-shop')).toBe('owned');
  expect(tagOf(group, `${template}/label/disk`)).toBe('fast');
  expect(tagOf(group, `${template}/label/drover/role`)).toBe('worker');
  expect(tagOf(group, `${template}/label/drover/node-group`)).toBe('workers');
  expect(tagOf(group, `${template}/taint/only`)).toBe('batch:NoSchedule');
  expect(tagOf(group, `${template}/resources/ephemeral-storage`)).toBe('60Gi');
});

test('labels and taints that a machine registers with are those that the autoscaler expects', () => {
  const labelled = withGroup({
    labels: { disk: 'fast' },
    taints: [{ key: 'only', value: 'batch', effect: 'NoSchedule' }],
  }).resource;
  const userData = String(only(labelled, 'aws_launch_template', GROUP)['user_data']);
  const group = only(labelled, 'aws_autoscaling_group', GROUP);
  const tags = (group['tag'] as { key: string; value: string }[]).filter(({ key }) => key.includes('/label/'));
  for (const { key, value } of tags) expect(userData).toContain(`${key.split('/label/')[1]}=${value}`);
  expect(tags.length).toBeGreaterThan(5);
  expect(userData).toContain('only=batch:NoSchedule');
});

test('spot and several types are one policy, and a spot machine gets its successor first', () => {
  const mixed = withGroup({ mixed: { instanceTypes: ['m6i.large'], onDemandBase: 2, onDemandPercent: 50 } }).resource;
  const group = only(mixed, 'aws_autoscaling_group', GROUP);
  expect(group).toMatchObject({
    capacity_rebalance: true,
    mixed_instances_policy: {
      instances_distribution: {
        on_demand_base_capacity: 2,
        on_demand_percentage_above_base_capacity: 50,
        spot_allocation_strategy: 'price-capacity-optimized',
      },
      launch_template: { override: [{ instance_type: 'm7i.large' }, { instance_type: 'm6i.large' }] },
    },
  });
  expect(group).not.toHaveProperty('launch_template');
});

test('a group of spot machines has one type and none on demand', () => {
  expect(only(withGroup({ spot: true }).resource, 'aws_autoscaling_group', GROUP)).toMatchObject({
    capacity_rebalance: true,
    mixed_instances_policy: {
      instances_distribution: { on_demand_base_capacity: 0, on_demand_percentage_above_base_capacity: 0 },
      launch_template: { override: [{ instance_type: 'm7i.large' }] },
    },
  });
});

test('only an ingress group takes web traffic', () => {
  expect(only(resource, 'aws_autoscaling_group', GROUP)).toMatchObject({ target_group_arns: [] });
  const ingress = withGroup({ role: 'ingress' }).resource;
  expect(only(ingress, 'aws_autoscaling_group', GROUP)).toMatchObject({
    target_group_arns: [expect.stringContaining('targets_http_'), expect.stringContaining('targets_https_')],
  });
  expect(only(ingress, 'aws_launch_template', GROUP)).toMatchObject({
    network_interfaces: [
      { security_groups: [expect.stringContaining('_worker_'), expect.stringContaining('_ingress_')] },
    ],
  });
});
