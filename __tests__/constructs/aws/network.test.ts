import { all, inventory, only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './network-fixture';

const network = (site: Record<string, unknown> = {}, sections: Record<string, unknown> = {}): Synthesized => {
  const eu = { platform: 'aws', region: 'eu-west-1', cidr: '10.20.0.0/16', ...site };
  const environment = environmentWith({ ...sections, sites: { eu } });
  return inStack((stack) => networkIn(stack, environment));
};

const policyOf = (block: Record<string, unknown>): unknown => JSON.parse(String(block['policy']));

test('a network is made of these resources', () => {
  expect(inventory(network())).toMatchInlineSnapshot(`
   [
     "aws_cloudwatch_log_group x 1",
     "aws_default_security_group x 1",
     "aws_eip x 1",
     "aws_flow_log x 1",
     "aws_iam_role x 1",
     "aws_iam_role_policy x 1",
     "aws_internet_gateway x 1",
     "aws_kms_alias x 1",
     "aws_kms_key x 1",
     "aws_nat_gateway x 1",
     "aws_route x 4",
     "aws_route_table x 4",
     "aws_route_table_association x 9",
     "aws_s3_bucket x 1",
     "aws_s3_bucket_lifecycle_configuration x 1",
     "aws_s3_bucket_ownership_controls x 1",
     "aws_s3_bucket_policy x 1",
     "aws_s3_bucket_public_access_block x 1",
     "aws_s3_bucket_server_side_encryption_configuration x 1",
     "aws_s3_bucket_versioning x 1",
     "aws_s3_object x 1",
     "aws_security_group x 1",
     "aws_subnet x 9",
     "aws_vpc x 1",
     "aws_vpc_endpoint x 10",
     "aws_vpc_security_group_ingress_rule x 1",
     "data.aws_caller_identity x 1",
     "data.aws_partition x 1",
   ]
  `);
});

describe('subnets', () => {
  test('each zone has a public, a private and a servers subnet, and none gives public addresses', () => {
    const subnets = all(network().resource, 'aws_subnet');
    expect(subnets.map((it) => `${String(it['availability_zone'])} ${String(it['cidr_block'])}`).sort()).toEqual([
      'eu-west-1a 10.20.0.0/19',
      'eu-west-1a 10.20.224.0/24',
      'eu-west-1a 10.20.240.0/24',
      'eu-west-1b 10.20.225.0/24',
      'eu-west-1b 10.20.241.0/24',
      'eu-west-1b 10.20.32.0/19',
      'eu-west-1c 10.20.226.0/24',
      'eu-west-1c 10.20.242.0/24',
      'eu-west-1c 10.20.64.0/19',
    ]);
    expect(subnets.every((it) => it['map_public_ip_on_launch'] === false)).toBe(true);
  });

  test('a further zone adds and changes nothing that was there', () => {
    const three = network({ zones: ['a', 'b', 'c'] }).resource['aws_subnet'];
    const four = network({ zones: ['a', 'b', 'c', 'd'] }).resource['aws_subnet'];
    expect(four).toMatchObject(three ?? {});
  });
});

describe('egress', () => {
  test('a single NAT gateway stands in the first zone and serves all of them', () => {
    const { resource } = network({ nat: 'single' });
    expect(all(resource, 'aws_nat_gateway')).toHaveLength(1);
    const routes = all(resource, 'aws_route', 'network_egress_private');
    expect(new Set(routes.map((it) => it['nat_gateway_id'])).size).toBe(1);
    expect(routes).toHaveLength(3);
  });

  test('with one NAT gateway a zone each zone leaves by its own', () => {
    const { resource } = network({ nat: 'perZone' });
    const routes = all(resource, 'aws_route', 'network_egress_private');
    expect(new Set(routes.map((it) => it['nat_gateway_id'])).size).toBe(3);
  });

  test('going from one gateway to one in each zone keeps the first address', () => {
    const single = network({ nat: 'single' }).resource['aws_eip'];
    expect(network({ nat: 'perZone' }).resource['aws_eip']).toMatchObject(single ?? {});
  });

  test('only public subnets have a route to the internet gateway', () => {
    const { resource } = network();
    expect(only(resource, 'aws_route', 'network_egress_public')['gateway_id']).toMatch(/^\$\{aws_internet_gateway\./);
    for (const route of all(resource, 'aws_route', 'network_egress_private'))
      expect(route).not.toHaveProperty('gateway_id');
  });
});

test('the default security group has no rules', () => {
  const group = only(network().resource, 'aws_default_security_group');
  expect(group).not.toHaveProperty('ingress');
  expect(group).not.toHaveProperty('egress');
});

describe('endpoints', () => {
  test('interface endpoints have private names and let in the site alone, by 443', () => {
    const { resource } = network();
    const interfaces = all(resource, 'aws_vpc_endpoint').filter((it) => it['vpc_endpoint_type'] === 'Interface');
    expect(interfaces.map((it) => String(it['service_name']).split('.').at(-1)).sort()).toEqual([
      'autoscaling',
      'ec2',
      'ec2messages',
      'elasticloadbalancing',
      'kms',
      'logs',
      'ssm',
      'ssmmessages',
      'sts',
    ]);
    expect(interfaces.every((it) => it['private_dns_enabled'] === true)).toBe(true);
    expect(only(resource, 'aws_vpc_security_group_ingress_rule')).toMatchObject({
      cidr_ipv4: '10.20.0.0/16',
      from_port: 443,
      to_port: 443,
      ip_protocol: 'tcp',
    });
  });

  test('they pass identities of the account only', () => {
    const { resource } = network();
    expect(policyOf(only(resource, 'aws_vpc_endpoint', 'network_endpoints_kms'))).toMatchObject({
      Statement: [{ Condition: { StringEquals: { 'aws:PrincipalAccount': expect.stringContaining('account_id') } } }],
    });
  });

  test('STS also passes pods that have no identity yet, towards roles of the account', () => {
    expect(policyOf(only(network().resource, 'aws_vpc_endpoint', 'network_endpoints_sts'))).toMatchObject({
      Statement: [
        { Sid: 'Account' },
        { Action: 'sts:AssumeRoleWithWebIdentity', Resource: expect.stringMatching(/:role\/\*$/) },
      ],
    });
  });

  test('S3 passes writing to buckets of the account only, and reaches every private route table', () => {
    const endpoint = only(network().resource, 'aws_vpc_endpoint', 'network_endpoints_s3');
    expect(endpoint['route_table_ids']).toHaveLength(3);
    expect(policyOf(endpoint)).toMatchObject({
      Statement: [
        { Condition: { StringEquals: { 'aws:ResourceAccount': expect.any(String) } } },
        { Action: 's3:GetObject' },
      ],
    });
  });
});

test('flow logs hold all traffic, encrypted, for as long as the site says', () => {
  const { resource } = network({ flowLogRetentionDays: 90 });
  expect(only(resource, 'aws_flow_log')).toMatchObject({
    traffic_type: 'ALL',
    log_destination_type: 'cloud-watch-logs',
  });
  expect(only(resource, 'aws_cloudwatch_log_group')).toMatchObject({
    name: '/drover/dev/eu/flow-logs',
    retention_in_days: 90,
    kms_key_id: expect.stringContaining('aws_kms_key.network_key'),
  });
});

describe('the key', () => {
  const statements = (): unknown => policyOf(only(network().resource, 'aws_kms_key'));

  test('turns every year and has an alias of the site', () => {
    const { resource } = network();
    expect(only(resource, 'aws_kms_key')).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
    expect(only(resource, 'aws_kms_alias')['name']).toBe('alias/drover-dev-eu');
  });

  test('serves the logs of the environment and the disks of scaling groups, whose role may not exist yet', () => {
    expect(statements()).toMatchObject({
      Statement: [
        { Sid: 'Account' },
        {
          Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
          Condition: {
            ArnLike: { 'kms:EncryptionContext:aws:logs:arn': expect.stringMatching(/log-group:\/drover\/dev\/\*$/) },
          },
        },
        {
          Principal: { AWS: '*' },
          Condition: { ArnEquals: { 'aws:PrincipalArn': expect.stringContaining('AutoScaling') } },
        },
        {
          Action: 'kms:CreateGrant',
          Condition: {
            ArnEquals: { 'aws:PrincipalArn': expect.stringContaining('AutoScaling') },
            Bool: { 'kms:GrantIsForAWSResource': 'true' },
          },
        },
      ],
    });
  });
});

describe('a private zone', () => {
  const dns = { zone: 'dev.example.com', public: false };

  test('is tied to the network', () => {
    const { resource, data } = network({}, { dns });
    expect(only(data, 'aws_route53_zone')).toMatchObject({ name: 'dev.example.com', private_zone: true });
    expect(only(resource, 'aws_route53_zone_association')).toMatchObject({ vpc_region: 'eu-west-1' });
  });

  test('is not looked for where the zone is public', () => {
    expect(network().data).not.toHaveProperty('aws_route53_zone');
  });
});
