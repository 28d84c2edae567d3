import { all, only, type Synthesized } from '../../support/synth';
import { machine, withShop } from './fixture';
import { machinesOf } from './machines-fixture';

const ingress = { workers: { maxSize: 3, machine }, web: { maxSize: 2, role: 'ingress', machine } };
const withWeb = (web: object = {}): Synthesized => machinesOf(withShop({ nodeGroups: ingress, web }));

const HTTPS = 'foundation_security_rules_ingress-https-from-people';
const rule = ({ resource }: Synthesized, name: string): Record<string, unknown> =>
  only(resource, 'azurerm_network_security_rule', `${name}_`);
const poolsOf = ({ resource }: Synthesized, group: string): unknown => {
  const set = only(resource, 'azurerm_linux_virtual_machine_scale_set', `machines_groups_${group}`);
  const [first] = set['network_interface'] as { ip_configuration: Record<string, unknown>[] }[];
  return first?.ip_configuration[0]?.['load_balancer_backend_address_pool_ids'];
};

const internal = withWeb();
const open = withWeb({ exposure: 'public', allowedCidrs: ['203.0.113.0/24'] });
const none = machinesOf(withShop());

test('a member has a resource group of its own, where the rights of its controllers end', () => {
  expect(only(internal.resource, 'azurerm_resource_group', 'foundation_')).toMatchObject({
    name: 'drover-staging-shop',
    location: 'westeurope',
  });
  for (const type of [
    'azurerm_linux_virtual_machine',
    'azurerm_managed_disk',
    'azurerm_lb',
    'azurerm_storage_account',
  ]) {
    for (const it of all(internal.resource, type).filter(({ name }) => !String(name).includes('bundles'))) {
      expect(it['resource_group_name']).toMatch(/^\$\{azurerm_resource_group\.foundation_group_\w+\.name\}$/);
    }
  }
});

test('the web of a member is internal and lets in the networks of its site alone, unless said otherwise', () => {
  expect(all(internal.resource, 'azurerm_public_ip', 'foundation_')).toEqual([]);
  expect(rule(internal, HTTPS)).toMatchObject({ source_address_prefixes: ['10.30.0.0/16'] });
});

test('an internal web lets in further networks that the environment names', () => {
  expect(rule(withWeb({ allowedCidrs: ['172.16.0.0/12'] }), HTTPS)).toMatchObject({
    source_address_prefixes: ['172.16.0.0/12', '10.30.0.0/16'],
  });
});

test('a public web lets in whom the environment names, and machines of the site by their way out', () => {
  expect(only(open.resource, 'azurerm_public_ip', 'foundation_')).toMatchObject({ allocation_method: 'Static' });
  expect(rule(open, HTTPS)).toMatchObject({
    source_address_prefixes: [
      '203.0.113.0/24',
      expect.stringMatching(/^\$\{azurerm_public_ip\.network_egress_[\w-]+\.ip_address\}\/32$/),
    ],
  });
});

test('the API stays with the site, whatever the web does', () => {
  for (const member of [internal, open, none]) {
    expect(rule(member, 'foundation_security_rules_server-api-from-operators')).toMatchObject({
      source_address_prefixes: ['10.30.0.0/16'],
    });
  }
});

test('behind the web stand the ingress groups', () => {
  expect(poolsOf(internal, 'web')).toEqual([expect.stringContaining('pools_web_')]);
  expect(poolsOf(open, 'web')).toEqual([expect.stringContaining('foundation_web_pools_web_')]);
  expect(poolsOf(internal, 'workers')).toEqual([]);
});

test('without an ingress group there is no way in: no frontend, no name, nobody let in', () => {
  expect(only(none.resource, 'azurerm_lb')['frontend_ip_configuration']).toMatchObject([{ name: 'plane' }]);
  expect(all(none.resource, 'azurerm_dns_a_record').map(({ name }) => name)).toEqual(['api.shop', 'join.shop']);
  expect(none.text).not.toContain('from-people');
});

test('the servers are who the controllers are: one identity, named after what it is for', () => {
  expect(only(none.resource, 'azurerm_user_assigned_identity', 'foundation_role')).toMatchObject({
    name: 'drover-staging-shop-servers',
  });
});
