import { Testing } from 'cdktf';
import type { ISecret } from '../../constructs/platform/secret-store';
import type { Environment } from '../../model/environment';
import { ClusterStack } from '../../stacks/cluster-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { ServicesStack } from '../../stacks/services-stack';
import { all, inventory, only, synthesized } from '../support/synth';
import { hostsBefore, labWith, settingsOf, workOf, type HostWork } from '../constructs/metal/fixture';

const secret = (id: string): ISecret => ({
  name: `drover/lab/management/${id}`,
  handle: `drover/data/lab/management/${id}`,
  region: 'hall-1',
});
const rancher = { url: 'https://rancher.lab.example.com', adminToken: secret('token'), caCertificates: secret('ca') };

function build(environment: Environment): { cluster: ClusterStack; services: ServicesStack } {
  const app = Testing.app();
  const { site } = new NetworkStack(app, environment, 'hall');
  const cluster = new ClusterStack(app, environment, 'plant', { site, rancher });
  return { cluster, services: new ServicesStack(app, environment, 'plant', { rancher, cluster }) };
}

const groups = [
  'hosts: [work-01]',
  'hosts: [work-01]\n        taints: [{ key: dedicated, value: press, effect: NoSchedule }]',
] as const;
const { cluster, services } = build(labWith(groups));
const stack = synthesized(cluster);
const bundleOf = (host: string): HostWork => workOf(stack, `_${host}_bundle_`);

test('the stack consists of these', () => {
  expect(inventory(stack)).toMatchSnapshot();
});

test('one worker starts with the first server, because Rancher waits for one of each; the others come after that', () => {
  expect(hostsBefore(bundleOf('plant-01'))).toEqual([]);
  expect(hostsBefore(bundleOf('plant-02'))).toEqual(['plant-01']);
  expect(hostsBefore(bundleOf('plant-03'))).toEqual(['plant-02']);
  expect(hostsBefore(bundleOf('work-01'))).toEqual([]);
  expect(hostsBefore(bundleOf('web-01'))).toEqual(['plant-01']);
  expect(hostsBefore(bundleOf('door-02'))).toEqual(['door-01']);
});

test('a host says itself which one it is: no controller would know it', () => {
  for (const host of ['plant-01', 'work-01']) {
    expect(settingsOf(bundleOf(host))).toMatchObject({
      DROVER_NODE: host,
      HOST_NAME: host,
      PROVIDER_ID_BY: 'self',
      RANCHER_TOKEN_PARAMETER: 'drover/lab/plant/registration-token',
    });
  }
  const { machine_global_config: config } = onlyRke(stack.resource);
  expect(config).not.toContain('cloud-provider-name');
});

test('Rancher forgets no host that a person has to bring back', () => {
  expect(only(stack.resource, 'rancher2_cluster_v2')).not.toHaveProperty('annotations');
});

test('a worker uses a disk of its own where it has one, and watches for no notice', () => {
  expect(settingsOf(bundleOf('work-01'))).toMatchObject({
    DATA_VOLUME_ID: 'path:/dev/disk/by-path/pci-0000:00:07.0',
    NODE_TAINTS: 'dedicated=press:NoSchedule',
    STEPS: '10-host 14-firewall 20-data-disk 45-gluster-client 60-rancher-agent 80-health',
  });
  expect(settingsOf(bundleOf('web-01'))).toMatchObject({
    NODE_LABELS: expect.stringContaining('drover/role=ingress'),
    STEPS: '10-host 14-firewall 45-gluster-client 60-rancher-agent 80-health',
  });
});

test('the load balancer leads to ingress hosts alone', () => {
  expect(settingsOf(bundleOf('door-01'))).toMatchObject({
    NGINX_SERVERS: '10.40.0.42',
    NGINX_PORTS: '80 443',
    KEEPALIVED_ADDRESS: '10.40.0.6/24',
    KEEPALIVED_ROUTER_ID: '52',
  });
  expect(cluster.ingressAddress).toBe('10.40.0.6');
  expect(cluster.issuer).toBeUndefined();
});

test('a host reads what it registers with, and nothing else', () => {
  const policy = String(only(stack.resource, 'vault_policy', 'machines_groups_workers_work-01')['policy']);
  expect(policy.match(/capabilities = \["read"\]/g)).toHaveLength(2);
  expect(policy).toMatch(/registration-token/);
  expect(policy).toMatch(/registration-checksum/);
});

test('services bring no block storage and no autoscaler, and samples lie on the node', () => {
  const { resource, text } = synthesized(services);
  const releases = all(resource, 'helm_release').map(({ name }) => name);
  expect(releases.sort()).toEqual(['haproxy', 'prometheus', 'shared-volumes']);
  expect(text).toContain('emptyDir');
});

test('a secret is opened by its path, so that whoever opens it comes after it', () => {
  const { ephemeral, locals } = JSON.parse(stack.text) as Opened;
  const [opened] = Object.entries(ephemeral['vault_kv_secret_v2'] ?? {}).filter(([name]) => name === 'rancher-token');
  expect(opened?.[1]).toMatchObject({
    mount: 'drover',
    name: '${trimprefix(local.rancher-token-path, "drover/data/")}',
  });
  expect(locals['rancher-token-value']).toBe(
    '${ephemeral.vault_kv_secret_v2.rancher-token.data["value"] == "pending" ? tostring(tobool("secret ' +
      '\'drover/lab/management/token\' is still \\"pending\\": its host has not published it; see the bootstrap log of the ' +
      'first server, then apply again")) : ephemeral.vault_kv_secret_v2.rancher-token.data["value"]}',
  );
});

interface Opened {
  readonly ephemeral: Record<string, Record<string, unknown>>;
  readonly locals: Record<string, string>;
}

function onlyRke(resource: Parameters<typeof only>[0]): Record<string, unknown> {
  return only(resource, 'rancher2_cluster_v2')['rke_config'] as Record<string, unknown>;
}
