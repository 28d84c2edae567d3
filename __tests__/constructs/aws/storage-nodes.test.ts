import { cloudConfigOf, settingsOf } from './cloud-config';
import { machine, machinesOf, withShop } from './machines-fixture';
import { all, only, type Synthesized } from '../../support/synth';

const withGluster = (more: object = {}, parts: object = {}): Synthesized =>
  machinesOf(withShop({ storage: { gluster: { machine, brickGiB: 200, ...more } }, ...parts }));

const stack = withGluster();
const { resource } = stack;
const G1 = 'machines_storage_g1';
const userDataOf = (from: Synthesized, type: string, name: string): string => {
  const block = only(from.resource, type, name);
  return settingsOf(cloudConfigOf(block['user_data_base64'] ?? block['user_data']));
};

test('three keyed machines, one a zone, each with one fixed address of its own', () => {
  const interfaces = all(resource, 'aws_network_interface', 'machines_storage_');
  expect(interfaces).toMatchObject([
    { subnet_id: expect.stringContaining('a_servers'), tags: { Name: 'dev-shop-g1', 'drover:storage': 'g1' } },
    { subnet_id: expect.stringContaining('b_servers'), tags: { Name: 'dev-shop-g2', 'drover:storage': 'g2' } },
    { subnet_id: expect.stringContaining('c_servers'), tags: { Name: 'dev-shop-g3', 'drover:storage': 'g3' } },
  ]);
  expect(interfaces.map(({ private_ips: [address] = [] }: { private_ips?: string[] }) => address)).toEqual([
    expect.stringMatching(/^10\.20\.240\.\d+$/),
    expect.stringMatching(/^10\.20\.241\.\d+$/),
    expect.stringMatching(/^10\.20\.242\.\d+$/),
  ]);
  expect(all(resource, 'aws_instance', 'machines_storage_')).toHaveLength(3);
});

test('a brick is an encrypted disk of its own, in the zone that the environment says', () => {
  expect(only(resource, 'aws_ebs_volume', 'machines_storage_g2')).toMatchObject({
    availability_zone: 'eu-west-1b',
    encrypted: true,
    kms_key_id: expect.stringContaining('aws_kms_key'),
    size: 200,
  });
  expect(only(resource, 'aws_volume_attachment', G1)).toMatchObject({ stop_instance_before_detaching: true });
});

test('an arbiter has a smaller disk and says so to the peer that makes the volume', () => {
  const arbiter = withGluster({ arbiter: true });
  expect(all(arbiter.resource, 'aws_ebs_volume', 'machines_storage_').map(({ size }) => size)).toEqual([200, 200, 50]);
  expect(userDataOf(arbiter, 'aws_instance', G1)).toContain("GLUSTER_ARBITER='true'\n");
  expect(userDataOf(stack, 'aws_instance', G1)).not.toContain('ARBITER');
});

test('a storage node knows its brick, its peers by address and the volume, and no cluster', () => {
  const addresses = all(resource, 'aws_network_interface', 'machines_storage_').flatMap((it) => it['private_ips']);
  const settings = userDataOf(stack, 'aws_instance', 'machines_storage_g2');
  expect(settings).toContain("DROVER_ROLE='storage'\nDROVER_NODE='dev-shop-g2'\n");
  expect(settings).toContain("GLUSTER_BRICKS='b1=<aws_ebs_volume.id>'\n");
  expect(settings).toContain(
    [
      `GLUSTER_PEERS='${addresses.join(' ')}'`,
      `GLUSTER_SELF='${String(addresses[1])}'`,
      "GLUSTER_VOLUME='shared'",
      '',
    ].join('\n'),
  );
  expect(settings).toContain("STEPS='10-host 25-gluster-server 75-gluster-heal'\n");
  expect(settings).not.toMatch(/RANCHER|NODE_ROLES/);
});

test('it may do what any machine may, and nothing more', () => {
  const { policy } = only(resource, 'aws_iam_role_policy', 'machines_storage_role');
  const { Statement: statements } = JSON.parse(String(policy)) as { Statement: { Sid: string }[] };
  expect(statements.map(({ Sid }) => Sid)).toEqual([
    'SessionManager',
    'FetchBundle',
    'DecryptBundle',
    'ReportBootstrap',
  ]);
});

test('it wears the group of storage nodes alone, which carries no tag of the cluster controllers', () => {
  expect(only(resource, 'aws_network_interface', G1)).toMatchObject({
    security_groups: [expect.stringMatching(/aws_security_group\.foundation_security_storage_/)],
  });
  expect(JSON.stringify(only(resource, 'aws_security_group', 'foundation_security_storage'))).not.toContain(
    'kubernetes.io/cluster',
  );
  expect(JSON.stringify(only(resource, 'aws_instance', G1)['tags'])).not.toContain('kubernetes.io/cluster');
});

test('peers and nodes reach its ports, nobody else does', () => {
  const into = Object.keys(resource['aws_vpc_security_group_ingress_rule'] ?? {})
    .filter((name) => name.includes('rules_storage-'))
    .map((name) => name.replace(/^.*rules_storage-|_\w{8}$/g, ''));
  expect(into.sort()).toEqual([
    'gluster-bricks-from-server',
    'gluster-bricks-from-storage',
    'gluster-bricks-from-worker',
    'gluster-from-server',
    'gluster-from-storage',
    'gluster-from-worker',
  ]);
});

test('it is renewed by its number alone, one in an apply, independent of the servers', () => {
  const renewed = withGluster({ renew: { g3: 2 } });
  expect(only(renewed.resource, 'aws_instance', 'machines_storage_g3')).toMatchObject({
    lifecycle: {
      ignore_changes: expect.arrayContaining(['ami', 'instance_type', 'user_data_base64']),
      replace_triggered_by: [expect.stringMatching(/^terraform_data\.machines_storage_g3_renewal_\w+$/)],
    },
  });
  expect(only(renewed.resource, 'terraform_data', 'machines_storage_g3')).toMatchObject({
    input: 2,
    depends_on: [expect.stringMatching(/^terraform_data\.machines_storage_renewals_guard_\w+$/)],
  });
  expect(only(renewed.resource, 'aws_ssm_parameter', 'machines_storage_renewals_g3-number')).toMatchObject({
    name: '/drover/dev/shop/renewed/g3/2',
    depends_on: expect.arrayContaining([expect.stringContaining('aws_ssm_association.machines_storage_g3')]),
  });
  expect(renewed.text).toContain('more than one storage node would be renewed in one apply: ');
});

test('servers and groups start once each copy is complete', () => {
  const ready = ['g1', 'g2', 'g3'].map((node) =>
    expect.stringMatching(new RegExp(`^aws_ssm_association\\.machines_storage_${node}_`)),
  );
  for (const [type, name] of [
    ['aws_instance', 'machines_servers_s1'],
    ['aws_autoscaling_group', 'machines_groups_workers'],
  ] as const) {
    expect(only(resource, type, name)['depends_on']).toEqual(expect.arrayContaining(ready));
  }
  const documents = all(resource, 'aws_ssm_document', 'machines_').map(({ name }) => name);
  expect(documents.sort()).toEqual(['drover--dev--shop--await-ready', 'drover--dev--shop--storage--await-ready']);
});

test.each([
  ['server', 'aws_instance', 'machines_servers_s1', ' 20-data-disk 45-gluster-client 60-rancher-agent '],
  ['worker', 'aws_launch_template', 'machines_groups_workers', ' 45-gluster-client 60-rancher-agent '],
])('a %s mounts the volume from all storage nodes before it joins', (_, type, name, steps) => {
  const settings = userDataOf(stack, type, name);
  const addresses = all(resource, 'aws_network_interface', 'machines_storage_').flatMap((it) => it['private_ips']);
  expect(settings).toContain(
    `GLUSTER_VOLUME='shared'\nGLUSTER_SERVERS='${addresses.join(' ')}'\nGLUSTER_MOUNT='/mnt/gluster'\n`,
  );
  expect(settings).toContain(steps);
});

test('a mount point of its own reaches every node', () => {
  const elsewhere = withGluster({ mountPoint: '/srv/shared' });
  expect(userDataOf(elsewhere, 'aws_instance', 'machines_servers_s1')).toContain("GLUSTER_MOUNT='/srv/shared'\n");
});

test('a cluster that shares no files has nothing of it', () => {
  expect(machinesOf(withShop()).text).not.toMatch(/gluster|security_storage|machines_storage/i);
});
