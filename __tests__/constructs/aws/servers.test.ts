import { all, only } from '../../support/synth';
import { environmentWith } from './network-fixture';
import { machine, machinesOf, withShop } from './machines-fixture';

const S1 = 'machines_servers_s1';
const { resource } = machinesOf(withShop());

test('each server is keyed, and as many as the environment says', () => {
  expect(Object.keys(resource['aws_instance'] ?? {}).map((name) => name.replace(/_[0-9A-F]{8}$/, ''))).toEqual([
    'machines_servers_s1_machine',
    'machines_servers_s2_machine',
    'machines_servers_s3_machine',
  ]);
});

test('a server has one fixed address on an interface of its own, in the subnet for servers', () => {
  expect(only(resource, 'aws_network_interface', S1)).toMatchObject({
    private_ips: [expect.stringMatching(/^10\.20\.240\.\d+$/)],
    subnet_id: expect.stringContaining('a_servers'),
    security_groups: [expect.stringContaining('foundation_security_server')],
  });
  expect(only(resource, 'aws_instance', S1)).not.toHaveProperty('vpc_security_group_ids');
});

test('the data disk is encrypted by the key of the site and takes its zone from the environment', () => {
  expect(only(resource, 'aws_ebs_volume', S1)).toMatchObject({
    availability_zone: 'eu-west-1a',
    encrypted: true,
    kms_key_id: expect.stringContaining('aws_kms_key'),
    size: 50,
    type: 'gp3',
  });
  expect(only(resource, 'aws_ebs_volume', 'machines_servers_s2')).toMatchObject({ availability_zone: 'eu-west-1b' });
});

test('metadata needs a session token and ends at the host, and nobody holds a key to log in', () => {
  const instance = only(resource, 'aws_instance', S1);
  expect(instance).toMatchObject({
    metadata_options: {
      http_endpoint: 'enabled',
      http_tokens: 'required',
      http_put_response_hop_limit: 1,
      // with tags in it EC2 would refuse the cluster's own tag, whose key holds slashes
      instance_metadata_tags: 'disabled',
    },
    root_block_device: { encrypted: true, volume_type: 'gp3', volume_size: 60 },
    monitoring: true,
    ebs_optimized: true,
  });
  expect(instance).not.toHaveProperty('key_name');
});

test('image, type and bundle of a server that is there change with its renewal number alone', () => {
  expect(only(resource, 'aws_instance', S1)).toMatchObject({
    lifecycle: {
      ignore_changes: [
        'ami',
        'instance_type',
        'user_data_base64',
        'tags["drover:bundle"]',
        'tags["drover:image"]',
        'tags["drover:bootstrap"]',
      ],
      replace_triggered_by: [expect.stringMatching(/^terraform_data\.machines_servers_s1_renewal_\w+$/)],
    },
  });
});

test('a renewal number is the input of one trigger, which the refusal stands before', () => {
  const renewed = machinesOf(withShop({ servers: { machine, renew: { s2: 4 } } })).resource;
  expect(only(renewed, 'terraform_data', 'machines_servers_s2')).toMatchObject({
    input: 4,
    depends_on: [expect.stringMatching(/^terraform_data\.machines_servers_renewals_guard_\w+$/)],
  });
  expect(only(renewed, 'terraform_data', S1)).toMatchObject({ input: 0 });
});

test('targets are addresses, so that a renewed machine keeps them', () => {
  const targets = all(resource, 'aws_lb_target_group_attachment', S1);
  const { private_ips: addresses } = only(resource, 'aws_network_interface', S1);
  expect(targets.map(({ target_id: id }) => [id])).toEqual([addresses, addresses]);
});

test('a machine stops before its data disk is taken away', () => {
  expect(only(resource, 'aws_volume_attachment', S1)).toMatchObject({ stop_instance_before_detaching: true });
});

test('a server is ready when its own report says so, and a renewed one is waited for again', () => {
  expect(only(resource, 'aws_ssm_association', S1)).toMatchObject({
    targets: [{ key: 'InstanceIds', values: [expect.stringContaining('machines_servers_s1_machine')] }],
    wait_for_success_timeout_seconds: 2100,
    depends_on: expect.arrayContaining([
      expect.stringContaining('aws_volume_attachment.machines_servers_s1'),
      expect.stringContaining('aws_lb_target_group_attachment.machines_servers_s1'),
    ]),
    lifecycle: { replace_triggered_by: [expect.stringMatching(/^aws_instance\.machines_servers_s1_machine_\w+$/)] },
  });
});

test('the machine starts after its rights, which name what it may read', () => {
  expect(only(resource, 'aws_instance', S1)).toMatchObject({
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\.machines_servers_role_policy/)],
  });
});

test('the tag of the cluster controllers is on the machine and its name is the node', () => {
  expect(only(resource, 'aws_instance', 'machines_servers_s3')).toMatchObject({
    tags: { Name: 'dev-shop-s3', 'drover:node': 's3', 'kubernetes.io/cluster/dev-shop': 'owned' },
  });
});

test('an image of a public parameter is read without hiding it from the plan', () => {
  expect(only(resource, 'aws_instance', S1)).toMatchObject({
    ami: expect.stringMatching(/^\$\{data\.aws_ssm_parameter\.machines_servers_image_\w+\.insecure_value\}$/),
  });
});

test('an image that is given by its id is asked of nobody', () => {
  const byId = { instanceType: 'm7i.large', image: 'ami-0123456789abcdef0' };
  const stack = machinesOf(withShop({ servers: { machine: byId }, nodeGroups: { w: { maxSize: 1, machine: byId } } }));
  expect(only(stack.resource, 'aws_instance', S1)).toMatchObject({ ami: 'ami-0123456789abcdef0' });
  expect(stack.data).not.toHaveProperty('aws_ssm_parameter');
});

test('a network that lacks the zone of a server is refused', () => {
  const sites = { eu: { platform: 'aws', region: 'eu-west-1', zones: ['d', 'e', 'f'], cidr: '10.20.0.0/16' } };
  expect(() => machinesOf(withShop(), environmentWith({ sites }))).toThrow(
    "site 'eu' has no subnets in zone 'a'; add the zone to the site, or let no machine stand in it",
  );
});
