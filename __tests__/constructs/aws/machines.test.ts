import { Machines } from '../../../constructs/aws/machines';
import type { Environment } from '../../../model/environment';
import { cloudConfigOf, settingsOf } from './cloud-config';
import { machinesOf } from './machines-fixture';
import { all, only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './network-fixture';

const machine = { instanceType: 'm7i.large', image: 'ami-0123456789abcdef0' };
const zabbix = { server: ['10.20.9.9'], pskSecret: 'ssm:/zabbix/psk' };

const environmentOf = (machines: object, more: object = {}): Environment =>
  environmentWith({ sites: { eu: { platform: 'aws', region: 'eu-west-1', cidr: '10.20.0.0/16', machines } }, ...more });

const built = (environment: Environment): Synthesized =>
  inStack((stack) => new Machines(stack, 'machines', { environment, network: networkIn(stack, environment) }));

const FILES = {
  machine,
  zone: 'b',
  dataDisk: { GiB: 256, mountPoint: '/srv/files' },
  open: [{ port: 2049, cidrs: ['10.20.0.0/16'] }],
};
const stack = built(environmentOf({ files: FILES, cache: { machine } }));
const { resource } = stack;
const EACH = 'machines_each_files';
const settings = (from: Synthesized, name: string): string =>
  settingsOf(cloudConfigOf(only(from.resource, 'aws_instance', name)['user_data_base64']));
const rulesOf = (from: Synthesized, direction: 'ingress' | 'egress', name: string): unknown[] =>
  all(from.resource, `aws_vpc_security_group_${direction}_rule`, name).map((it) =>
    [it['ip_protocol'], it['from_port'], it['cidr_ipv4']].join(' '),
  );

test('a machine is keyed: a fixed address and an encrypted disk in its zone, and a name that is no node', () => {
  expect(only(resource, 'aws_network_interface', EACH)).toMatchObject({
    subnet_id: expect.stringContaining('b_servers'),
    private_ips: [expect.stringMatching(/^10\.20\.241\.\d+$/)],
    tags: { Name: 'dev-eu-machine-files', 'drover:machine': 'files' },
  });
  expect(only(resource, 'aws_ebs_volume', EACH)).toMatchObject({
    availability_zone: 'eu-west-1b',
    size: 256,
    encrypted: true,
  });
  expect(JSON.stringify(only(resource, 'aws_instance', EACH)['tags'])).not.toMatch(/drover:(node|cluster|storage)/);
});

test('it is told its site and its disk, and of no cluster', () => {
  const told = settings(stack, EACH);
  expect(told).toContain("DROVER_SITE='eu'\nDROVER_ROLE='machine'\nDROVER_NODE='dev-eu-machine-files'\n");
  expect(told).toContain("DATA_VOLUME_ID='<aws_ebs_volume.id>'\nDATA_MOUNT='/srv/files'\n");
  expect(told).toContain("STEPS='10-host 20-data-disk'\n");
  expect(told).not.toMatch(/DROVER_CLUSTER|RANCHER|NODE_ROLES/);
});

test('a machine without a disk has none, and stands in the first zone', () => {
  expect(all(resource, 'aws_ebs_volume', 'machines_each_cache')).toEqual([]);
  expect(all(resource, 'aws_volume_attachment', 'machines_each_cache')).toEqual([]);
  expect(only(resource, 'aws_network_interface', 'machines_each_cache')).toMatchObject({
    subnet_id: expect.stringContaining('a_servers'),
  });
  expect(settings(stack, 'machines_each_cache')).not.toContain('DATA_');
});

test('nobody reaches it but whom the environment names', () => {
  expect(rulesOf(stack, 'ingress', `${EACH}_security`)).toEqual(['tcp 2049 10.20.0.0/16']);
  expect(rulesOf(stack, 'ingress', 'machines_each_cache')).toEqual([]);
  expect(rulesOf(stack, 'egress', `${EACH}_security`).sort()).toEqual(['tcp 443 0.0.0.0/0', 'tcp 80 0.0.0.0/0']);
});

test('a machine that another lets in may reach it there', () => {
  const [address] = only(resource, 'aws_network_interface', EACH)['private_ips'] as string[];
  expect(rulesOf(stack, 'egress', 'machines_each_cache')).toContain(`tcp 2049 ${address ?? 'none'}/32`);
});

test('workers of the site reach what it opens to them, and nothing else of it', () => {
  const [address] = only(resource, 'aws_network_interface', EACH)['private_ips'] as string[];
  const toMachines = (environment: Environment): unknown[] =>
    rulesOf(machinesOf(environment), 'egress', 'foundation_security_rules_worker-to-machine');
  expect(toMachines(environmentOf({ files: FILES }))).toEqual([`tcp 2049 ${address ?? 'none'}/32`]);
  const elsewhere = { ...FILES, open: [{ port: 2049, cidrs: ['10.99.0.0/16'] }] };
  expect(toMachines(environmentOf({ files: elsewhere }))).toEqual([]);
});

test('it may read its own scripts and report on itself, and nothing more', () => {
  const { policy } = only(resource, 'aws_iam_role_policy', EACH);
  const { Statement: statements } = JSON.parse(String(policy)) as { Statement: { Sid: string; Condition?: object }[] };
  expect(statements.map(({ Sid }) => Sid)).toEqual([
    'SessionManager',
    'FetchBundle',
    'DecryptBundle',
    'ReportBootstrap',
  ]);
  expect(statements[1]).toMatchObject({ Resource: expect.stringMatching(/machines_store_bucket.*\/files\.tar$/) });
  expect(statements[3]?.Condition).toMatchObject({
    StringEquals: { 'aws:ResourceTag/drover:env': 'dev', 'aws:ResourceTag/Name': 'dev-eu-machine-files' },
  });
  expect(only(resource, 'aws_iam_role', EACH)).toMatchObject({ name: 'drover-dev-eu-machines-files' });
});

test('hooks of its own are in its own scripts alone', () => {
  const hooked = built(environmentOf({ files: { ...FILES, hooks: { after: ['tools/test.sh'] } }, cache: { machine } }));
  const hashes = (from: Synthesized): unknown[] =>
    ['files', 'cache'].map((it) => only(from.resource, 'aws_s3_object', `machines_each_${it}`)['source_hash']);
  const [before, after] = [hashes(stack), hashes(hooked)];
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
  expect(before[0]).toBe(before[1]);
});

test('Docker and the agent come where they are asked for', () => {
  const docker = { version: '5:27.5.1-1~ubuntu.24.04~noble' };
  const watched = built(environmentOf({ cache: { machine, docker } }, { zabbix }));
  const told = settings(watched, 'machines_each_cache');
  expect(told).toContain("STEPS='10-host 30-docker 35-zabbix-agent'\n");
  expect(told).toContain(`DOCKER_VERSION='${docker.version}'\n`);
  expect(rulesOf(watched, 'ingress', 'machines_each_cache')).toEqual(['tcp 10050 10.20.9.9/32']);
  expect(rulesOf(watched, 'egress', 'machines_each_cache')).toContain('tcp 10051 10.20.9.9/32');
});

test('it is waited for, and renewed by its number alone, one in an apply', () => {
  const renewed = built(environmentOf({ files: { ...FILES, renew: 2 }, cache: { machine } }));
  expect(only(renewed.resource, 'aws_instance', EACH)).toMatchObject({
    lifecycle: {
      ignore_changes: expect.arrayContaining(['ami', 'instance_type', 'user_data_base64']),
      replace_triggered_by: [expect.stringMatching(/^terraform_data\.machines_each_files_renewal_\w+$/)],
    },
  });
  expect(only(renewed.resource, 'aws_ssm_association', EACH)).toMatchObject({
    depends_on: [expect.stringContaining('aws_volume_attachment.machines_each_files')],
  });
  expect(only(renewed.resource, 'aws_ssm_parameter', `${EACH}_reached_files-number`)).toMatchObject({
    name: '/drover/dev/eu/machines/renewed/files/2',
  });
  expect(renewed.text).toContain("more than one machine of site 'eu' would be renewed in one apply: ");
});

test('names of machines meet nothing of what stands beside them', () => {
  const names = ['store', 'readiness', 'renewals', 'guard', 'names', 'guard-number', 'each'];
  expect(() => built(environmentOf(Object.fromEntries(names.map((name) => [name, { machine }]))))).not.toThrow();
});
