import { Testing } from 'cdktf';
import type { Environment } from '../../../model/environment';
import { MachinesStack } from '../../../stacks/machines-stack';
import { NetworkStack } from '../../../stacks/network-stack';
import { cloudConfigOf, settingsOf } from '../aws/cloud-config';
import { all, only, synthesized, type Synthesized } from '../../support/synth';
import { machine, withBastion, withSite } from './fixture';
import { machinesOf, namesOf } from './machines-fixture';

function built(environment: Environment): Synthesized {
  const app = Testing.app();
  const { site } = new NetworkStack(app, environment, 'weu');
  return synthesized(new MachinesStack(app, environment, 'weu', site));
}

const FILES = {
  machine,
  zone: '2',
  dataDisk: { GiB: 256, mountPoint: '/srv/files' },
  open: [{ port: 2049, cidrs: ['10.30.0.0/16', '10.31.0.0/16'] }],
};
const environment = withSite({ machines: { files: FILES, cache: { machine } } });
const stack = built(environment);
const { resource } = stack;
const EACH = 'machines_each_files';
const settings = (from: Synthesized, name: string): string =>
  settingsOf(cloudConfigOf(only(from.resource, 'azurerm_linux_virtual_machine', name)['custom_data']));

interface Rule {
  readonly name: string;
  readonly direction: string;
  readonly access: string;
  readonly priority: number;
}
const rulesOf = (from: Synthesized, name: string): Rule[] =>
  only(from.resource, 'azurerm_network_security_group', name)['security_rule'] as Rule[];
const addressOf = (from: Synthesized, name: string): string => {
  const [configuration] = only(from.resource, 'azurerm_network_interface', name)['ip_configuration'] as {
    private_ip_address: string;
  }[];
  return configuration?.private_ip_address ?? 'none';
};

test('machines stand in a group of their own, with the identity of their site and of no cluster', () => {
  expect(only(resource, 'azurerm_resource_group')).toMatchObject({
    name: 'drover-staging-weu-machines',
    tags: { 'drover:cloud': 'azure', 'drover:env': 'staging', 'drover:region': 'westeurope' },
  });
  expect(stack.text).not.toContain('drover:cluster');
});

test('a machine is keyed: a fixed address and a disk in its zone, and a name that is no node', () => {
  expect(only(resource, 'azurerm_linux_virtual_machine', EACH)).toMatchObject({
    name: 'staging-weu-machine-files',
    zone: '2',
    tags: { 'drover:machine': 'files' },
  });
  expect(addressOf(stack, EACH)).toMatch(/^10\.30\.241\.\d+$/);
  expect(only(resource, 'azurerm_managed_disk', EACH)).toMatchObject({ zone: '2', disk_size_gb: 256 });
  expect(all(resource, 'azurerm_managed_disk', 'machines_each_cache')).toEqual([]);
  expect(all(resource, 'azurerm_virtual_machine_data_disk_attachment', 'machines_each_cache')).toEqual([]);
});

test('it is told its site and its disk, and of no cluster', () => {
  const told = settings(stack, EACH);
  expect(told).toContain("DROVER_SITE='weu'\nDROVER_ROLE='machine'\nDROVER_NODE='staging-weu-machine-files'\n");
  expect(told).toContain("DATA_VOLUME_ID='lun:0'\nDATA_MOUNT='/srv/files'\n");
  expect(told).toContain("STEPS='10-host 20-data-disk'\n");
  expect(told).not.toMatch(/DROVER_CLUSTER|RANCHER|NODE_ROLES/);
});

test('containers are kept off its identity', () => {
  const docker = { version: '27.5.1' };
  const withDocker = built(withSite({ machines: { cache: { machine, docker } } }));
  expect(settings(withDocker, 'machines_each_cache')).toContain("STEPS='10-host 12-pod-metadata 30-docker'\n");
});

test('nobody reaches it but whom the environment names, and it reaches what any machine does', () => {
  const rules = rulesOf(stack, EACH);
  expect(rules.map(({ name, access, priority }) => `${name} ${access} ${priority}`)).toEqual([
    'in-tcp-2049 Allow 100',
    'nothing-else-in Deny 4096',
    'out-packages Allow 100',
    'out-internet Allow 101',
    'nothing-else-out Deny 4096',
  ]);
  expect(rules[0]).toMatchObject({
    direction: 'Inbound',
    destination_port_range: '2049',
    source_address_prefixes: ['10.30.0.0/16', '10.31.0.0/16'],
    destination_address_prefix: '*',
  });
  expect(rulesOf(stack, 'machines_each_cache').filter(({ direction }) => direction === 'Inbound')).toHaveLength(1);
});

test('people reach it by SSH from the bastion of the site, where there is one', () => {
  const site = withBastion().sites['weu'];
  const open = built(withBastion(undefined, { sites: { weu: { ...site, machines: { files: FILES } } } }));
  const inwards = rulesOf(open, EACH).filter(({ direction }) => direction === 'Inbound');
  expect(inwards.map(({ name }) => name)).toEqual(['in-tcp-2049', 'in-ssh', 'nothing-else-in']);
  expect(inwards[1]).toMatchObject({ destination_port_range: '22', source_address_prefixes: ['10.30.255.0/24'] });
});

test('a machine that another lets in may reach it there', () => {
  expect(rulesOf(stack, 'machines_each_cache')).toContainEqual(
    expect.objectContaining({
      name: 'out-machine-files-tcp-2049',
      destination_address_prefixes: [`${addressOf(stack, EACH)}/32`],
    }),
  );
});

test('workers of the site reach it by one rule, which moves no other', () => {
  const name = 'foundation_security_rules_worker-to-machines-tcp';
  const cluster = machinesOf(environment);
  expect(only(cluster.resource, 'azurerm_network_security_rule', name)).toMatchObject({
    direction: 'Outbound',
    access: 'Allow',
    priority: 4000,
    destination_port_ranges: ['2049'],
    destination_address_prefixes: [`${addressOf(stack, EACH)}/32`],
  });
  const without = machinesOf(withSite({}));
  const priorities = (from: Synthesized): [string, unknown][] =>
    Object.entries(from.resource['azurerm_network_security_rule'] ?? {}).map(([id, it]) => [id, it['priority']]);
  expect(priorities(cluster)).toEqual(expect.arrayContaining(priorities(without)));
  expect(priorities(cluster)).toHaveLength(priorities(without).length + 1);
});

test('its identity is its own, and reads scripts and nothing else', () => {
  expect(namesOf(resource['azurerm_user_assigned_identity']).sort()).toEqual([
    'machines_each_cache_role_identity',
    'machines_each_files_role_identity',
  ]);
  expect(all(resource, 'azurerm_role_assignment', `${EACH}_role`)).toMatchObject([
    { role_definition_name: 'Storage Blob Data Reader' },
  ]);
});

test('it is waited for, and renewed by its number alone, one in an apply', () => {
  const renewed = built(withSite({ machines: { files: { ...FILES, renew: 1 } } }));
  expect(only(renewed.resource, 'azurerm_linux_virtual_machine', EACH)).toMatchObject({
    lifecycle: { replace_triggered_by: [expect.stringMatching(/^terraform_data\.machines_each_files_renewal_\w+$/)] },
  });
  expect(only(renewed.resource, 'azurerm_key_vault_secret', `${EACH}_reached_files-number`)).toMatchObject({
    name: 'weu-machines-renewed-files-1',
    depends_on: expect.arrayContaining([expect.stringContaining(`azurerm_virtual_machine_extension.${EACH}`)]),
  });
  expect(renewed.text).toContain("more than one machine of site 'weu' would be renewed in one apply: ");
});
