import { all, only, type Synthesized } from '../../support/synth';
import { environmentWith, machine, withShop, withSite } from './fixture';
import { machinesOf, namesOf } from './machines-fixture';

const S1 = 'machines_servers_s1';
const MACHINE = 'azurerm_linux_virtual_machine';
const { resource } = machinesOf(withShop());

type Block = Record<string, unknown>;

const machineOf = (server: string, from: Synthesized['resource'] = resource): Block =>
  only(from, MACHINE, `machines_servers_${server}`);

/** A machine as Terraform compares it with the one that is there: without what it is told to ignore. */
function compared(block: Block): Block {
  const { ignore_changes: ignored } = block['lifecycle'] as { ignore_changes: string[] };
  const [disk, tags] = [block['os_disk'], block['tags']] as [Block, Block];
  const kept = (part: Block, path: (key: string) => string): Block =>
    Object.fromEntries(Object.entries(part).filter(([key]) => !ignored.includes(path(key))));
  return {
    ...kept(block, (key) => key),
    os_disk: kept(disk, (key) => `os_disk[0].${key}`),
    tags: kept(tags, (key) => `tags["${key}"]`),
  };
}

test('each server is keyed, and as many as the environment says', () => {
  expect(namesOf(resource[MACHINE])).toEqual([
    'machines_servers_s1_machine',
    'machines_servers_s2_machine',
    'machines_servers_s3_machine',
  ]);
});

test('names, addresses and zones are what etcd knows the servers by, and stay', () => {
  const identity = (from: Synthesized['resource']): unknown[] =>
    ['s1', 's2', 's3'].map((server) => {
      const { ip_configuration: addresses } = only(from, 'azurerm_network_interface', `machines_servers_${server}`);
      const { name, computer_name: node, zone } = machineOf(server, from);
      return [name, node, zone, (addresses as Block[])[0]?.['private_ip_address']];
    });
  const those = [
    ['staging-shop-s1', 'staging-shop-s1', '1', '10.30.240.121'],
    ['staging-shop-s2', 'staging-shop-s2', '2', '10.30.241.73'],
    ['staging-shop-s3', 'staging-shop-s3', '3', '10.30.242.158'],
  ];
  expect(identity(resource)).toEqual(those);
  const more = machinesOf(withShop({ servers: { machine, count: 5, renew: { s2: 3 } } })).resource;
  expect(identity(more)).toEqual(those);
});

test('a server has one fixed address on an interface of its own, in its zone, and none that is public', () => {
  const { ip_configuration: addresses } = only(resource, 'azurerm_network_interface', S1);
  expect(addresses).toEqual([
    {
      name: 'address',
      private_ip_address: '10.30.240.121',
      private_ip_address_allocation: 'Static',
      subnet_id: expect.stringContaining('subnets_servers-1'),
    },
  ]);
  expect(machineOf('s1')['network_interface_ids']).toEqual([expect.stringContaining(`${S1}_interface`)]);
});

test('the data disk takes its zone from the environment, nobody exports it, and nothing of it is of the machine', () => {
  const disk = only(resource, 'azurerm_managed_disk', 'machines_servers_s2');
  expect(disk).toMatchObject({
    zone: '2',
    create_option: 'Empty',
    disk_size_gb: 50,
    storage_account_type: 'Premium_LRS',
    network_access_policy: 'DenyAll',
    public_network_access_enabled: false,
  });
  expect(JSON.stringify(disk)).not.toContain(MACHINE);
});

test('the bootstrap looks for the data disk at the unit that it is attached to, without a cache before etcd', () => {
  expect(only(resource, 'azurerm_virtual_machine_data_disk_attachment', S1)).toMatchObject({
    lun: 0,
    caching: 'None',
    managed_disk_id: expect.stringContaining(`${S1}_disk_`),
    virtual_machine_id: expect.stringContaining(`${S1}_machine_`),
  });
  expect(String(machineOf('s1')['custom_data'])).toContain("DATA_VOLUME_ID='lun:0'");
});

test('disks are encrypted down to the caches of the host, the start is signed, and no password lets anybody in', () => {
  expect(machineOf('s1')).toMatchObject({
    encryption_at_host_enabled: true,
    secure_boot_enabled: true,
    vtpm_enabled: true,
    disable_password_authentication: true,
    os_disk: { storage_account_type: 'Premium_LRS', disk_size_gb: 60 },
    boot_diagnostics: {},
  });
  expect(machineOf('s1')).not.toHaveProperty('admin_password');
});

test('the servers share one identity, by which they ask for their secrets', () => {
  for (const server of ['s1', 's2', 's3']) {
    expect(machineOf(server)['identity']).toEqual({
      type: 'UserAssigned',
      identity_ids: [expect.stringContaining('azurerm_user_assigned_identity.foundation_role_identity')],
    });
  }
});

test('image, size, disk, key and bundle of a server that is there change with its renewal number alone', () => {
  const other = machinesOf({
    ...withSite({ adminPublicKey: `ssh-ed25519 ${'B'.repeat(68)} other` }),
    clusters: withShop({
      servers: {
        machine: { instanceType: 'Standard_D8s_v5', image: 'Canonical:another:server:1.0.0', rootDiskGiB: 200 },
      },
    }).clusters,
    bootstrap: environmentWith({ bootstrap: { hooks: { before: ['tools/test.sh'] } } }).bootstrap,
  }).resource;
  for (const server of ['s1', 's2', 's3']) {
    expect(machineOf(server, other)).not.toEqual(machineOf(server));
    expect(compared(machineOf(server, other))).toEqual(compared(machineOf(server)));
  }
  expect(machineOf('s1')['lifecycle']).toEqual({
    ignore_changes: [
      'source_image_reference',
      'source_image_id',
      'size',
      // The provider stops a machine to give it a larger disk: all servers at once.
      'os_disk[0].disk_size_gb',
      'custom_data',
      'admin_ssh_key',
      'tags["drover:bundle"]',
      'tags["drover:image"]',
    ],
    replace_triggered_by: [expect.stringMatching(/^terraform_data\.machines_servers_s1_renewal_\w+$/)],
  });
});

test('an image of its own may take the place of a marketplace image, which is no reason either', () => {
  const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/own';
  const own = machinesOf(withShop({ servers: { machine: { ...machine, image: id } } })).resource;
  expect(machineOf('s1', own)).toMatchObject({ source_image_id: id });
  expect(machineOf('s1', own)).not.toHaveProperty('source_image_reference');
  expect(compared(machineOf('s1', own))).toEqual(compared(machineOf('s1')));
});

test('a renewal number is the input of one trigger, which the refusal stands before', () => {
  const renewed = machinesOf(withShop({ servers: { machine, renew: { s2: 4 } } })).resource;
  expect(only(renewed, 'terraform_data', 'machines_servers_s2')).toMatchObject({
    input: 4,
    depends_on: [expect.stringMatching(/^terraform_data\.machines_servers_renewals_guard_\w+$/)],
  });
  expect(only(renewed, 'terraform_data', S1)).toMatchObject({ input: 0 });
});

test('rules and pools belong to the interface, so that a renewed machine keeps them', () => {
  const types = [
    'azurerm_network_interface_security_group_association',
    'azurerm_network_interface_application_security_group_association',
    'azurerm_network_interface_backend_address_pool_association',
  ];
  for (const type of types) {
    expect(only(resource, type, S1)).toMatchObject({
      network_interface_id: expect.stringContaining(`azurerm_network_interface.${S1}_interface`),
    });
    expect(JSON.stringify(only(resource, type, S1))).not.toContain(MACHINE);
  }
});

test('the machine starts after all its rights, its rules and its pools', () => {
  const { depends_on: before } = machineOf('s1') as { depends_on: string[] };
  const rights = namesOf(resource['azurerm_role_assignment']).filter((name) => name.startsWith('foundation_role_'));
  expect(rights.length).toBeGreaterThan(4);
  for (const name of [...rights, `${S1}_rules`, `${S1}_group-server`, `${S1}_pool-plane`]) {
    expect(before).toContainEqual(expect.stringContaining(`.${name}_`));
  }
});

test('a server is ready when its own report says so, and a renewed one is waited for again', () => {
  expect(only(resource, 'azurerm_virtual_machine_extension', S1)).toMatchObject({
    virtual_machine_id: expect.stringContaining(`${S1}_machine_`),
    depends_on: expect.arrayContaining([
      expect.stringContaining(`azurerm_virtual_machine_data_disk_attachment.${S1}`),
      expect.stringContaining(`azurerm_network_interface_backend_address_pool_association.${S1}`),
    ]),
    lifecycle: {
      ignore_changes: ['settings'],
      replace_triggered_by: [expect.stringMatching(/^azurerm_linux_virtual_machine\.machines_servers_s1_machine_\w+$/)],
    },
  });
});

test('a machine says what it was made of, and the node that it is', () => {
  expect(machineOf('s3')['tags']).toEqual({
    'drover:node': 's3',
    'drover:bundle': expect.stringMatching(/^[0-9a-f]{64}$/),
    'drover:image': machine.image,
  });
});

test('no address of any machine is public', () => {
  expect(JSON.stringify(all(resource, 'azurerm_network_interface'))).not.toContain('public_ip');
});

test('a network that lacks the zone of a server is refused', () => {
  expect(() => machinesOf(withShop(), withSite({ zones: ['1', '1', '2'] }))).toThrow(
    "site 'weu' has no subnet of servers in zone '3'; add the zone to the site, or let no server stand in it",
  );
});
