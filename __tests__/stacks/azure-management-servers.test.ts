import { Testing } from 'cdktf';
import type { Environment } from '../../model/environment';
import { serverAddress } from '../../model/network-plan';
import { ManagementServersStack } from '../../stacks/management-servers-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { cloudConfigOf, settingsOf, type CloudConfig } from '../constructs/aws/cloud-config';
import { all, inventory, only, synthesized, type Synthesized } from '../support/synth';
import { environmentWith, machine } from '../constructs/azure/fixture';

const management = { site: 'weu', hostname: 'rancher.staging.example.com', servers: { machine } };
const environment = environmentWith();

function build(of: Environment): ManagementServersStack {
  const app = Testing.app();
  const { site } = new NetworkStack(app, of, 'weu');
  return new ManagementServersStack(app, of, { site, siteEgress: ['198.51.100.7/32'] });
}

const built = build(environment);
const stack = synthesized(built);
const configOf = (server: string, from: Synthesized = stack): CloudConfig =>
  cloudConfigOf(only(from.resource, 'azurerm_linux_virtual_machine', `management_servers_${server}`)['custom_data']);

test('the stack consists of these', () => {
  expect(inventory(stack)).toMatchSnapshot();
});

test('the first server begins the cluster, publishes what others need, and is told no secret', () => {
  expect(settingsOf(configOf('s1'))).toMatchSnapshot();
});

describe('a server that an internal load balancer would send back to itself', () => {
  const record = (name: string): Record<string, unknown> | undefined =>
    all(stack.resource, 'azurerm_dns_a_record').find((it) => it['name'] === name);
  const addresses = ['s1', 's2', 's3'].map((server) => serverAddress(environment, 'management', server));

  test('joins at a name that holds the fixed addresses of all servers, and no address of a load balancer', () => {
    expect(built.registrationAddress).toBe('join.management.staging.example.com');
    expect(record('join.management')?.['records']).toEqual(addresses);
    for (const server of ['s1', 's2', 's3']) {
      expect(settingsOf(configOf(server))).toContain("REGISTRATION_ADDRESS='join.management.staging.example.com'\n");
    }
  });

  test('answers for the name of the load balancer as well, which operators use', () => {
    expect(built.apiEndpoint).toBe('https://api.management.staging.example.com:6443');
    expect(JSON.stringify(record('api.management')?.['records'])).toContain('frontend_ip_configuration[0]');
    expect(settingsOf(configOf('s2'))).toContain("TLS_SANS='api.management.staging.example.com'\n");
  });
});

test('internal web traffic comes by the same load balancer: an interface may stand behind one of a kind', () => {
  const balancer = only(stack.resource, 'azurerm_lb');
  const names = (balancer['frontend_ip_configuration'] as { name: string }[]).map(({ name }) => name);
  expect(names).toEqual(['plane', 'web']);
});

test('public web traffic has a load balancer of its own, and nobody goes out by it', () => {
  const open = synthesized(
    build(environmentWith({ management: { ...management, exposure: 'public', allowedCidrs: ['203.0.113.0/24'] } })),
  );
  expect(all(open.resource, 'azurerm_lb')).toHaveLength(2);
  expect(only(open.resource, 'azurerm_public_ip')).toMatchObject({ zones: ['1', '2', '3'], sku: 'Standard' });
  for (const rule of all(open.resource, 'azurerm_lb_rule')) expect(rule).toMatchObject({ disable_outbound_snat: true });
});

test('a server keeps address, disk and name, and is replaced by its number alone', () => {
  const server = only(stack.resource, 'azurerm_linux_virtual_machine', 'management_servers_s2');
  expect(server).toMatchObject({
    name: 'staging-management-s2',
    computer_name: 'staging-management-s2',
    zone: '2',
    encryption_at_host_enabled: true,
    disable_password_authentication: true,
    boot_diagnostics: {},
    identity: { type: 'UserAssigned' },
    source_image_reference: { publisher: 'Canonical', sku: 'server', version: '24.04.202606060' },
    lifecycle: {
      ignore_changes: expect.arrayContaining(['source_image_reference', 'size', 'custom_data']),
      replace_triggered_by: [expect.stringMatching(/^terraform_data\.management_servers_s2_renewal_\w+$/)],
    },
  });
  expect(only(stack.resource, 'azurerm_network_interface', 'management_servers_s2')).toMatchObject({
    ip_configuration: [
      {
        private_ip_address: serverAddress(environment, 'management', 's2'),
        private_ip_address_allocation: 'Static',
      },
    ],
  });
  expect(only(stack.resource, 'azurerm_managed_disk', 'management_servers_s2')).toMatchObject({
    zone: '2',
    disk_size_gb: 50,
  });
  expect(only(stack.resource, 'azurerm_virtual_machine_data_disk_attachment', 'management_servers_s2')).toMatchObject({
    lun: 0,
    caching: 'None',
  });
  expect(configOf('s2').files['/etc/drover/bootstrap.env']).toContain("DATA_VOLUME_ID='lun:0'\n");
});

test('no interface has a public address', () => {
  expect(stack.text).not.toContain('"public_ip_address_id"');
});

test('more than one server is never renewed in one apply', () => {
  expect(JSON.stringify(only(stack.resource, 'terraform_data', 'management_servers_renewals'))).toContain(
    'more than one server would be renewed in one apply',
  );
});

test('a server is waited for by an extension of its own, once for each machine', () => {
  expect(only(stack.resource, 'azurerm_virtual_machine_extension', 'management_servers_s1')).toMatchObject({
    type: 'CustomScript',
    timeouts: { create: '2400s' },
    lifecycle: {
      replace_triggered_by: [expect.stringContaining('azurerm_linux_virtual_machine.management_servers_s1')],
    },
  });
});

test('servers write two secrets, the marker, the issuer and copies of snapshots, and read one secret more', () => {
  const roles = all(stack.resource, 'azurerm_role_assignment', 'management_role').map(
    (it) =>
      `${String(it['role_definition_name'])}: ${String(it['scope']).replace(/^\$\{azurerm_\w+\.(.*)_\w{8}\..*$/, '$1')}`,
  );
  expect(roles.sort()).toEqual([
    'Key Vault Secrets Officer: management_secrets_ca-hash',
    'Key Vault Secrets Officer: management_secrets_deployer',
    'Key Vault Secrets User: management_secrets_join',
    'Storage Blob Data Contributor: management_initialised_container',
    'Storage Blob Data Contributor: management_pod-identity_container',
    'Storage Blob Data Contributor: management_snapshots_container',
    expect.stringMatching(/^Storage Blob Data Reader: /),
  ]);
});

test('the rules end with a refusal in both directions, and no rule lets the world in', () => {
  const rules = all(stack.resource, 'azurerm_network_security_rule');
  expect(
    rules.filter(({ access }) => access === 'Deny').map(({ direction, priority }) => [direction, priority]),
  ).toEqual([
    ['Inbound', 4096],
    ['Outbound', 4096],
  ]);
  const open = rules.filter(
    (it) => it['direction'] === 'Inbound' && it['access'] === 'Allow' && it['source_address_prefix'] === '*',
  );
  expect(open).toEqual([]);
  const priorities = rules.map(({ direction, priority }) => `${String(direction)} ${String(priority)}`);
  expect(new Set(priorities).size).toBe(priorities.length);
});

test('no value of a secret is written that Terraform keeps', () => {
  const readable = all(stack.resource, 'azurerm_key_vault_secret').filter((it) => 'value' in it);
  expect(new Set(readable.map(({ value }) => value))).toEqual(new Set(['exists', 'healthy']));
  expect(stack.resource).not.toHaveProperty('random_password');
});

test('everything that carries tags says where it belongs', () => {
  for (const blocks of Object.values(stack.resource)) {
    for (const block of Object.values(blocks)) {
      if (!('location' in block)) continue;
      expect(block['tags']).toMatchObject({
        'drover:cloud': 'azure',
        'drover:env': 'staging',
        'drover:region': 'westeurope',
        'drover:cluster': 'management',
      });
    }
  }
});

test('user data of a server is within what Azure takes', () => {
  expect(configOf('s1').bytes).toBeLessThan(65535);
});
