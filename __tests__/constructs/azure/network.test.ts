import { all, inventory, only, synthesized, type Synthesized } from '../../support/synth';
import { emptyStack, environmentWith, networkIn, withSite } from './fixture';
import type { Environment } from '../../../model/environment';

function synth(environment: Environment = environmentWith()): Synthesized {
  const stack = emptyStack();
  networkIn(stack, environment);
  return synthesized(stack);
}

const { resource, data, text } = synth();

test('the network consists of these', () => {
  expect(inventory({ resource, data, text })).toMatchSnapshot();
});

test('subnets follow the plan of every platform, and let nobody out by themselves', () => {
  const subnets = all(resource, 'azurerm_subnet').map((it) => [it['name'], it['address_prefixes']]);
  expect(Object.fromEntries(subnets)).toEqual({
    workers: ['10.30.0.0/19'],
    balancers: ['10.30.224.0/24'],
    'servers-1': ['10.30.240.0/24'],
    'servers-2': ['10.30.241.0/24'],
    'servers-3': ['10.30.242.0/24'],
  });
  for (const subnet of all(resource, 'azurerm_subnet')) {
    expect(subnet).toMatchObject({ default_outbound_access_enabled: false });
  }
});

test('one gateway serves every subnet of machines', () => {
  expect(only(resource, 'azurerm_nat_gateway')).toMatchObject({ zones: ['1'] });
  const ways = Object.keys(resource['azurerm_subnet_nat_gateway_association'] ?? {});
  expect(ways.map((it) => it.replace(/^network_egress_subnets_(.*)_\w{8}$/, '$1')).sort()).toEqual([
    'servers-1',
    'servers-2',
    'servers-3',
    'workers',
  ]);
});

test('with a gateway in each zone, servers go out by that of their own', () => {
  const perZone = synth(withSite({ nat: 'perZone' }));
  expect(all(perZone.resource, 'azurerm_nat_gateway').map(({ zones }) => zones)).toEqual([['1'], ['2'], ['3']]);
  const way = (subnet: string): unknown =>
    only(perZone.resource, 'azurerm_subnet_nat_gateway_association', `network_egress_subnets_${subnet}`)[
      'nat_gateway_id'
    ];
  expect(way('servers-3')).toContain('nat-3');
  expect(way('workers')).toContain('nat-1');
});

test('going from one gateway to one in each zone keeps the first address, which others have let in', () => {
  const addresses = resource['azurerm_public_ip'] ?? {};
  expect(Object.values(addresses)).toMatchObject([{ allocation_method: 'Static', sku: 'Standard', zones: ['1'] }]);
  const perZone = synth(withSite({ nat: 'perZone' })).resource;
  expect(Object.keys(perZone['azurerm_public_ip'] ?? {})).toHaveLength(3);
  expect(perZone['azurerm_public_ip']).toMatchObject(addresses);
  expect(perZone['azurerm_nat_gateway']).toMatchObject(resource['azurerm_nat_gateway'] ?? {});
});

test('machines reach vault and storage without leaving the network of Azure', () => {
  for (const subnet of all(resource, 'azurerm_subnet').filter(({ name }) => name !== 'balancers')) {
    expect(subnet['service_endpoints']).toEqual(['Microsoft.KeyVault', 'Microsoft.Storage']);
  }
});

test('no subnet without machines has a way out', () => {
  expect(Object.keys(resource['azurerm_subnet_nat_gateway_association'] ?? {}).join()).not.toContain('balancers');
});

test('the vault knows roles alone, keeps what is deleted, and lets in whoever the environment names', () => {
  expect(only(resource, 'azurerm_key_vault')).toMatchObject({
    name: expect.stringMatching(/^drover-staging-we[\w-]*-[0-9a-f]{6}$/),
    rbac_authorization_enabled: true,
    purge_protection_enabled: true,
    network_acls: {
      default_action: 'Deny',
      ip_rules: ['203.0.113.7/32'],
      virtual_network_subnet_ids: expect.arrayContaining([expect.stringContaining('workers')]),
    },
  });
  expect(String(only(resource, 'azurerm_key_vault')['name']).length).toBeLessThanOrEqual(24);
});

test('another suffix is another vault', () => {
  const other = synth(environmentWith({ secrets: { kind: 'keyvault', nameSuffix: '2' } }));
  expect(only(other.resource, 'azurerm_key_vault')['name']).not.toBe(only(resource, 'azurerm_key_vault')['name']);
});

test('whoever deploys may write secrets and scripts from here on', () => {
  const roles = all(resource, 'azurerm_role_assignment').map((it) => it['role_definition_name']);
  expect(roles.sort()).toEqual(['Key Vault Secrets Officer', 'Storage Blob Data Contributor']);
});

test('somebody else who deploys takes no role away, and a group that is named is followed', () => {
  const [own] = all(resource, 'azurerm_role_assignment');
  expect(own).toMatchObject({ lifecycle: { ignore_changes: ['principal_id'] } });
  const deployersId = '00000000-0000-4000-8000-000000000001';
  const [named] = all(
    synth(environmentWith({ secrets: { kind: 'keyvault', deployersId } })).resource,
    'azurerm_role_assignment',
  );
  expect(named).toMatchObject({ principal_id: deployersId });
  expect(named).not.toHaveProperty('lifecycle');
});

test('the account of the scripts takes identities only, and single addresses without their width', () => {
  expect(only(resource, 'azurerm_storage_account')).toMatchObject({
    name: expect.stringMatching(/^[a-z0-9]{3,24}$/),
    shared_access_key_enabled: false,
    allow_nested_items_to_be_public: false,
    blob_properties: { versioning_enabled: true },
    network_rules: { default_action: 'Deny', ip_rules: ['203.0.113.7'] },
  });
});

test('a private zone is known in the network', () => {
  const dns = { zone: 'staging.example.com', resourceGroup: 'example-dns', public: false };
  const link = only(synth(environmentWith({ dns })).resource, 'azurerm_private_dns_zone_virtual_network_link');
  expect(link).toMatchObject({ private_dns_zone_name: 'staging.example.com', resource_group_name: 'example-dns' });
  expect(resource).not.toHaveProperty('azurerm_private_dns_zone_virtual_network_link');
});

test('a site of another platform is refused', () => {
  const sites = { weu: { platform: 'aws', region: 'eu-west-1', cidr: '10.20.0.0/16' } };
  expect(() => synth(environmentWith({ sites }))).toThrow(
    "site 'weu' is on 'aws': what is built there must be on 'azure'",
  );
});
