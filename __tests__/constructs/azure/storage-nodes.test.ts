import { Testing } from 'cdktf';
import type { Environment } from '../../../model/environment';
import { ClusterStack } from '../../../stacks/cluster-stack';
import { NetworkStack } from '../../../stacks/network-stack';
import { cloudConfigOf, settingsOf } from '../aws/cloud-config';
import { all, only, synthesized, type Synthesized } from '../../support/synth';
import { environmentWith, machine, withShop } from './fixture';

const adminToken = { name: 'token', handle: '/subscriptions/s/vaults/v/secrets/token', region: 'westeurope' };

function machinesOf(environment: Environment): Synthesized {
  const app = Testing.app();
  const { site } = new NetworkStack(app, environment, 'weu');
  const rancher = { url: 'https://rancher.staging.example.com', adminToken };
  return synthesized(new ClusterStack(app, environment, 'shop', { site, rancher }));
}

const withGluster = (more: object = {}): Synthesized =>
  machinesOf(withShop({ storage: { gluster: { machine, brickGiB: 200, ...more } } }));

const stack = withGluster();
const { resource } = stack;
const G1 = 'machines_storage_g1';
const settings = (type: string, name: string): string =>
  settingsOf(cloudConfigOf(only(resource, type, name)['custom_data']));
const addressesIn = (from: Synthesized): string[] =>
  all(from.resource, 'azurerm_network_interface', 'machines_storage_').map((it) => {
    const [configuration] = it['ip_configuration'] as { private_ip_address: string }[];
    return configuration?.private_ip_address ?? 'none';
  });

test('three keyed machines, one a zone, each with a fixed address and a name', () => {
  expect(all(resource, 'azurerm_linux_virtual_machine', 'machines_storage_')).toMatchObject([
    { name: 'staging-shop-g1', zone: '1', tags: { 'drover:storage': 'g1' } },
    { name: 'staging-shop-g2', zone: '2', tags: { 'drover:storage': 'g2' } },
    { name: 'staging-shop-g3', zone: '3', tags: { 'drover:storage': 'g3' } },
  ]);
  expect(addressesIn(stack)).toEqual([
    expect.stringMatching(/^10\.30\.240\.\d+$/),
    expect.stringMatching(/^10\.30\.241\.\d+$/),
    expect.stringMatching(/^10\.30\.242\.\d+$/),
  ]);
});

test('a brick is a disk of its own that nobody reaches over the network, found by its number', () => {
  expect(only(resource, 'azurerm_managed_disk', 'machines_storage_g2')).toMatchObject({
    zone: '2',
    disk_size_gb: 200,
    network_access_policy: 'DenyAll',
  });
  expect(only(resource, 'azurerm_virtual_machine_data_disk_attachment', G1)).toMatchObject({ lun: 0, caching: 'None' });
  expect(settings('azurerm_linux_virtual_machine', G1)).toContain("GLUSTER_BRICKS='b1=lun:0'\n");
});

test('an arbiter has a smaller disk', () => {
  const disks = all(withGluster({ arbiter: true }).resource, 'azurerm_managed_disk', 'machines_storage_');
  expect(disks.map((it) => it['disk_size_gb'])).toEqual([200, 200, 50]);
});

test('a storage node knows its peers by address, prepares no pods and joins no cluster', () => {
  const told = settings('azurerm_linux_virtual_machine', 'machines_storage_g3');
  const addresses = addressesIn(stack);
  expect(told).toContain(`GLUSTER_PEERS='${addresses.join(' ')}'\nGLUSTER_SELF='${String(addresses[2])}'\n`);
  expect(told).toContain("STEPS='10-host 25-gluster-server 75-gluster-heal'\n");
  expect(told).not.toMatch(/RANCHER|NODE_ROLES/);
});

test('a watched environment watches storage nodes, too', () => {
  const zabbix = { server: ['10.30.0.5'], pskSecret: 'keyvault:watch-psk' };
  const { clusters } = withShop({ storage: { gluster: { machine, brickGiB: 200 } } });
  const watched = machinesOf({ ...environmentWith({ zabbix }), clusters });
  const node = only(watched.resource, 'azurerm_linux_virtual_machine', G1);
  expect(settingsOf(cloudConfigOf(node['custom_data']))).toContain(
    "STEPS='10-host 25-gluster-server 35-zabbix-agent 75-gluster-heal'\n",
  );
  expect(
    only(watched.resource, 'azurerm_network_security_rule', 'foundation_security_rules_storage-agent-from'),
  ).toMatchObject({ direction: 'Inbound', destination_port_range: '10050', source_address_prefixes: ['10.30.0.5/32'] });
});

test('its identity reads the scripts, and nothing else', () => {
  expect(only(resource, 'azurerm_role_assignment', 'machines_storage_role')).toMatchObject({
    role_definition_name: 'Storage Blob Data Reader',
  });
});

test('rules know it by the application security group of storage nodes', () => {
  const group = expect.stringMatching(/azurerm_application_security_group\.foundation_security_storage_/) as string;
  expect(
    only(resource, 'azurerm_network_interface_application_security_group_association', G1)[
      'application_security_group_id'
    ],
  ).toEqual(group);
  const into = all(resource, 'azurerm_network_security_rule', 'foundation_security_rules_storage-gluster').filter(
    (it) => it['direction'] === 'Inbound',
  );
  expect(into.map((it) => it['destination_port_range']).sort()).toEqual([
    ...Array<string>(3).fill('24007'),
    ...Array<string>(3).fill('49152-60999'),
  ]);
  for (const rule of into) expect(rule['destination_application_security_group_ids']).toEqual([group]);
});

test('rules that were there keep their priorities', () => {
  const priorities = (from: Synthesized): [string, unknown][] =>
    Object.entries(from.resource['azurerm_network_security_rule'] ?? {}).map(([name, it]) => [name, it['priority']]);
  expect(priorities(stack)).toEqual(expect.arrayContaining(priorities(machinesOf(withShop()))));
});

test('it is renewed by its number alone, one in an apply', () => {
  const renewed = withGluster({ renew: { g2: 1 } });
  expect(only(renewed.resource, 'azurerm_linux_virtual_machine', 'machines_storage_g2')).toMatchObject({
    lifecycle: { replace_triggered_by: [expect.stringMatching(/^terraform_data\.machines_storage_g2_renewal_\w+$/)] },
  });
  expect(only(renewed.resource, 'azurerm_key_vault_secret', 'machines_storage_renewals_g2-number')).toMatchObject({
    name: 'shop-renewed-g2-1',
    depends_on: expect.arrayContaining([
      expect.stringContaining('azurerm_virtual_machine_extension.machines_storage_g2'),
    ]),
  });
  expect(renewed.text).toContain('more than one storage node would be renewed in one apply: ');
});

test.each([
  ['server', 'azurerm_linux_virtual_machine', 'machines_servers_s1'],
  ['worker', 'azurerm_linux_virtual_machine_scale_set', 'machines_groups_workers'],
])('a %s starts once each copy is complete, and mounts the volume before it joins', (_, type, name) => {
  expect(only(resource, type, name)['depends_on']).toEqual(
    expect.arrayContaining(
      ['g1', 'g2', 'g3'].map((node) =>
        expect.stringMatching(new RegExp(`^azurerm_virtual_machine_extension\\.machines_storage_${node}_`)),
      ),
    ),
  );
  const told = settings(type, name);
  expect(told).toContain(`GLUSTER_SERVERS='${addressesIn(stack).join(' ')}'\nGLUSTER_MOUNT='/mnt/gluster'\n`);
  expect(told).toContain(' 45-gluster-client 60-rancher-agent ');
});

test('a cluster that shares no files has nothing of it', () => {
  expect(machinesOf(withShop()).text).not.toMatch(/gluster|security_storage|machines_storage/i);
});
