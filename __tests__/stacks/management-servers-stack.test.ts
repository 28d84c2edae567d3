import { Testing } from 'cdktf';
import type { Environment } from '../../model/environment';
import { ManagementServersStack } from '../../stacks/management-servers-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { cloudConfigOf, settingsOf, type CloudConfig } from '../constructs/aws/cloud-config';
import { all, inventory, only, synthesized, type Synthesized } from '../support/synth';
import { environmentWith } from '../constructs/aws/network-fixture';
import { machine } from '../constructs/aws/machines-fixture';

const management = { site: 'eu', hostname: 'rancher.dev.example.com', servers: { machine } };

function build(environment: Environment): ManagementServersStack {
  const app = Testing.app();
  const { site } = new NetworkStack(app, environment, 'eu');
  return new ManagementServersStack(app, environment, { site, siteEgress: ['198.51.100.7/32'] });
}
const synth = (changes: object = {}): Synthesized =>
  synthesized(build(environmentWith({ management: { ...management, ...changes } })));

const stack = synth();
const configOf = (server: string, from: Synthesized = stack): CloudConfig =>
  cloudConfigOf(only(from.resource, 'aws_instance', `management_servers_${server}`)['user_data_base64']);
const ENV = '/etc/drover/bootstrap.env';

test('the stack consists of these', () => {
  expect(inventory(stack)).toMatchSnapshot();
});

test('the first server begins the cluster, publishes what others need, and is told no secret', () => {
  expect(settingsOf(configOf('s1'))).toMatchSnapshot();
});

test('the others join', () => {
  const env = configOf('s2').files[ENV];
  expect(env).toContain("INITIALISER='false'");
  expect(env).toContain("JOIN_SECRET_PARAMETER='/drover/dev/management/join'");
  expect(env).not.toContain('PUBLISH_DEPLOYER');
  expect(env).not.toContain('61-publish');
});

test('RKE2 keeps snapshots off the machine by its own identity, and leaves nodes to the cloud controller manager', () => {
  expect(JSON.parse(configOf('s3').files['/etc/rancher/rke2/config.yaml.d/40-cluster.yaml'] ?? '')).toEqual({
    'cloud-provider-name': 'external',
    'etcd-expose-metrics': true,
    'etcd-snapshot-schedule-cron': '0 */6 * * *',
    'etcd-snapshot-retention': 28,
    'etcd-s3': true,
    'etcd-s3-bucket': expect.stringMatching(/^drover-dev-management-snapshots-[0-9a-f]{6}$/),
    'etcd-s3-region': 'eu-west-1',
    'etcd-s3-endpoint': 's3.eu-west-1.amazonaws.com',
    'etcd-s3-folder': 'management',
    // RKE2 counts those of three servers together.
    'etcd-s3-retention': 84,
  });
});

test('no controller deletes the node of a server that is being renewed', () => {
  const manifest = configOf('s1').files['/etc/drover/manifests/aws-cloud-controller-manager.yaml'];
  expect(manifest).toContain('--controllers=cloud-node-controller\n');
  expect(manifest).not.toContain('cloud-node-lifecycle');
});

test('user data of a server is within what EC2 takes', () => {
  expect(configOf('s1').bytes).toBeLessThan(16 * 1024);
});

test('the marker that the first server makes is taken over once it is up', () => {
  expect(only(stack.resource, 'aws_ssm_parameter', 'management_initialised')).toMatchObject({
    name: '/drover/dev/management/cluster-initialised',
    insecure_value: 'initialised',
    overwrite: true,
    depends_on: expect.arrayContaining([expect.stringContaining('aws_ssm_association.management_servers_s1')]),
  });
});

test('servers write the marker and their two slots, and nothing else', () => {
  const { policy } = only(stack.resource, 'aws_iam_role_policy', 'management_servers_role');
  const { Statement: statements } = JSON.parse(String(policy)) as { Statement: { Sid: string; Resource: string[] }[] };
  expect(statements.filter((it) => JSON.stringify(it).includes('ssm:PutParameter'))).toMatchObject([
    {
      Resource: [
        expect.stringContaining('secrets_ca-hash'),
        expect.stringContaining('secrets_deployer'),
        expect.stringMatching(/:parameter\/drover\/dev\/management\/cluster-initialised$/),
      ],
    },
  ]);
});

test('servers take web traffic and answer for the API, by address', () => {
  const ports = all(stack.resource, 'aws_lb_target_group_attachment', 'management_servers_s1').map((it) =>
    String(it['target_group_arn']).replace(/^.*targets_(\w+)_\w{8}\.arn\}$/, '$1'),
  );
  expect(ports.sort()).toEqual(['api', 'http', 'https', 'join']);
});

test('people, sites and their egress reach Rancher, and the world only where the environment says so', () => {
  const entries = all(stack.resource, 'aws_ec2_managed_prefix_list').map(({ entry }) => JSON.stringify(entry));
  expect(entries.find((it) => it.includes('198.51.100.7/32'))).toContain('10.20.0.0/16');
  expect(stack.text).not.toMatch(/"cidr":\s*"0\.0\.0\.0\/0"/);
});

test('an open web does not open the API', () => {
  const open = build(
    environmentWith({
      management: {
        ...management,
        exposure: 'public',
        allowedCidrs: ['0.0.0.0/0'],
        tls: { source: 'letsEncrypt', email: 'platform@example.com' },
      },
    }),
  );
  const { resource } = synthesized(open);
  const plane = all(resource, 'aws_ec2_managed_prefix_list').map(({ entry }) => entry);
  expect(plane).toEqual([[{ cidr: '10.20.0.0/16' }]]);
});

test('the API is where the environment says that its deployer reaches it, and its certificate holds that name', () => {
  const forwarded = { access: { endpoint: 'https://localhost:16443' } };
  expect(build(environmentWith({ management })).apiEndpoint).toBe('https://api.management.dev.example.com:6443');
  expect(build(environmentWith({ management: { ...management, ...forwarded } })).apiEndpoint).toBe(
    'https://localhost:16443',
  );
  expect(configOf('s1', synth(forwarded)).files[ENV]).toContain("TLS_SANS='localhost'");
});

test('nothing of the stack is a value of a secret', () => {
  const parameters = Object.values(stack.resource['aws_ssm_parameter'] ?? {});
  const readable = parameters.filter((it) => 'value' in it || 'insecure_value' in it);
  expect(readable.map((it) => String(it['name']).replace('/drover/dev/management/', '')).sort()).toEqual([
    'cluster-initialised',
    'renewed/s1',
    'renewed/s1/0',
    'renewed/s2',
    'renewed/s2/0',
    'renewed/s3',
    'renewed/s3/0',
  ]);
  expect(stack.resource).not.toHaveProperty('random_password');
});
