import { BastionSecurity } from '../../../constructs/azure/bastion-security';
import type { Environment } from '../../../model/environment';
import { all, inventory, only, synthesized, type Synthesized } from '../../support/synth';
import { emptyStack, environmentWith, inStack, networkIn, withBastion } from './fixture';

interface Rule {
  readonly name: string;
  readonly direction: string;
  readonly access: string;
  readonly priority: number;
  readonly source_address_prefix: string | null;
  readonly source_address_prefixes: readonly string[] | null;
  readonly destination_address_prefix: string;
  readonly destination_port_range: string | null;
  readonly destination_port_ranges: readonly string[] | null;
}

function synth(environment: Environment): Synthesized {
  const stack = emptyStack();
  networkIn(stack, environment);
  return synthesized(stack);
}

const built = synth(withBastion());
const { resource } = built;
const rulesOf = (from: Synthesized): readonly Rule[] =>
  only(from.resource, 'azurerm_network_security_group')['security_rule'] as readonly Rule[];
const ruleOf = (from: Synthesized, name: string): Rule | undefined => rulesOf(from).find((rule) => rule.name === name);

test('a bastion is a subnet, an address, a group of rules and a host more, and changes nothing else', () => {
  const without = synth(environmentWith());
  const added = inventory(built).filter((line) => !inventory(without).includes(line));
  expect(added).toEqual([
    'azurerm_bastion_host x 1',
    'azurerm_network_security_group x 1',
    'azurerm_public_ip x 2',
    'azurerm_subnet x 6',
    'azurerm_subnet_network_security_group_association x 1',
  ]);
  expect(resource).toMatchObject(without.resource);
  expect(without.text).not.toMatch(/bastion/i);
});

test('it stands in the subnet that Azure looks for, in every zone, at an address of its own', () => {
  const subnet = only(resource, 'azurerm_subnet', 'network_bastion');
  expect(subnet).toMatchObject({ name: 'AzureBastionSubnet', address_prefixes: ['10.30.255.0/24'] });
  const zones = ['1', '2', '3'];
  expect(only(resource, 'azurerm_public_ip', 'network_bastion')).toMatchObject({
    allocation_method: 'Static',
    sku: 'Standard',
    zones,
  });
  expect(only(resource, 'azurerm_bastion_host')).toMatchObject({
    name: 'staging-weu',
    zones,
    ip_configuration: {
      subnet_id: expect.stringContaining('network_bastion_subnet'),
      public_ip_address_id: expect.stringContaining('network_bastion_address'),
    },
  });
});

test('the command line of Azure may use it, links without rights in Azure do not exist', () => {
  expect(only(resource, 'azurerm_bastion_host')).toMatchObject({
    sku: 'Standard',
    tunneling_enabled: true,
    shareable_link_enabled: false,
  });
});

test('it is there after its rules, and goes before them', () => {
  expect(only(resource, 'azurerm_bastion_host')['depends_on']).toEqual([
    expect.stringMatching(/^azurerm_subnet_network_security_group_association\.network_bastion_rules_/),
  ]);
});

test('its rules are those that Azure demands, and no more', () => {
  // https://learn.microsoft.com/azure/bastion/bastion-nsg
  const said = rulesOf(built)
    .filter(({ access }) => access === 'Allow')
    .map((rule) => {
      const from = rule.source_address_prefix ?? rule.source_address_prefixes?.join(',') ?? '';
      const ports = rule.destination_port_range ?? rule.destination_port_ranges?.join(',') ?? '';
      return `${rule.direction} ${from} to ${rule.destination_address_prefix} ${ports}`;
    });
  expect(said).toEqual([
    'Inbound 203.0.113.0/24 to * 443',
    'Inbound GatewayManager to * 443',
    'Inbound AzureLoadBalancer to * 443',
    'Inbound VirtualNetwork to VirtualNetwork 8080,5701',
    'Outbound * to VirtualNetwork 22,3389',
    'Outbound * to AzureCloud 443',
    'Outbound VirtualNetwork to VirtualNetwork 8080,5701',
    'Outbound * to Internet 80',
  ]);
});

test('everything else is refused, after them, and no two rules have one place', () => {
  for (const direction of ['Inbound', 'Outbound']) {
    const ours = rulesOf(built).filter((rule) => rule.direction === direction);
    const places = ours.map(({ priority }) => priority);
    expect(new Set(places).size).toBe(places.length);
    const last = ours.find(({ priority }) => priority === Math.max(...places));
    expect(last).toMatchObject({ access: 'Deny', source_address_prefix: '*', destination_port_range: '*' });
  }
});

test('people come from the networks of the management cluster, each once', () => {
  const from = ['203.0.113.0/24', '198.51.100.7/32'];
  expect(ruleOf(synth(withBastion([...from, '203.0.113.0/24'])), 'in-people')).toMatchObject({
    source_address_prefix: null,
    source_address_prefixes: from,
  });
  expect(ruleOf(synth(withBastion(['0.0.0.0/0', ...from])), 'in-people')).toMatchObject({
    source_address_prefix: 'Internet',
    source_address_prefixes: null,
  });
});

test('a bastion for nobody is refused, not open to everybody', () => {
  const place = { resourceGroupName: 'group', location: 'westeurope', nameParts: ['staging', 'weu'] };
  expect(() => inStack((stack) => new BastionSecurity(stack, 'security', { ...place, allowedCidrs: [] }))).toThrow(
    "a bastion needs networks that people come from: name them in 'management.allowedCidrs', or leave 'bastion' out",
  );
});

test('no machine has an address more: the bastion has the only one that lets anybody in', () => {
  const addresses = all(resource, 'azurerm_public_ip').map(({ name }) => name);
  expect(addresses.sort()).toEqual(['staging-weu-bastion', 'staging-weu-nat-1']);
});

test('people are told what to name', () => {
  const { output } = JSON.parse(built.text) as { output: Record<string, unknown> };
  expect(output).toEqual({
    bastion: expect.objectContaining({
      value: {
        name: expect.stringContaining('azurerm_bastion_host.network_bastion_host'),
        resourceGroup: expect.stringContaining('azurerm_resource_group.network_group'),
      },
    }),
  });
});
