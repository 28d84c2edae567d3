import { Testing } from 'cdktf';
import { ManagementServersStack } from '../../stacks/management-servers-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { cloudConfigOf, settingsOf } from '../constructs/aws/cloud-config';
import { machine } from '../constructs/aws/machines-fixture';
import { all, only, synthesized, type Synthesized } from '../support/synth';
import { environmentWith } from '../constructs/aws/network-fixture';

function synth(loadBalancer?: object, more: object = {}, sections: object = {}): Synthesized {
  const environment = environmentWith({
    management: {
      site: 'eu',
      hostname: 'rancher.dev.example.com',
      servers: { machine },
      ...(loadBalancer ? { loadBalancer } : {}),
      ...more,
    },
    ...sections,
  });
  const app = Testing.app();
  const { site } = new NetworkStack(app, environment, 'eu');
  return synthesized(new ManagementServersStack(app, environment, { site, siteEgress: [] }));
}

const nginx = { kind: 'nginx', machine };
const stack = synth(nginx);
const { resource } = stack;
const namesOf = (type: string, prefix = ''): string[] =>
  Object.keys(resource[type] ?? {}).filter((name) => name.startsWith(prefix));
const targetsOf = (prefix: string, from = stack): string[] =>
  all(from.resource, 'aws_lb_target_group_attachment', prefix)
    .map((it) => String(it['target_group_arn']).replace(/^.*targets_(\w+)_\w{8}\.arn\}$/, '$1'))
    .sort();

test("without a word on it the platform's own balancer leads straight to the servers", () => {
  const plain = synth();
  expect(plain.text).toBe(synth({ kind: 'platform' }).text);
  expect(plain.text).not.toMatch(/nginx/i);
  expect(targetsOf('management_servers_s1', plain)).toEqual(['api', 'http', 'https', 'join']);
});

test('two machines stand in private subnets of zones of their own, each with an address that outlives it', () => {
  expect(namesOf('aws_instance', 'nginx').map((name) => name.replace(/_\w{8}$/, ''))).toEqual([
    'nginx_n1_machine',
    'nginx_n2_machine',
  ]);
  const interfaces = all(resource, 'aws_network_interface', 'nginx');
  expect(interfaces).toMatchObject([
    { subnet_id: expect.stringContaining('a_private'), tags: { Name: 'dev-management-n1', 'drover:nginx': 'n1' } },
    { subnet_id: expect.stringContaining('b_private'), tags: { Name: 'dev-management-n2', 'drover:nginx': 'n2' } },
  ]);
  for (const { security_groups: groups } of interfaces) {
    expect(groups).toEqual([expect.stringMatching(/aws_security_group\.security_nginx_/)]);
  }
});

test('a third machine stands in the third zone', () => {
  const three = synth({ ...nginx, count: 3 });
  expect(only(three.resource, 'aws_network_interface', 'nginx_n3')).toMatchObject({
    subnet_id: expect.stringContaining('c_private'),
  });
});

test("the platform's balancer leads to these machines alone, by address, and servers keep API and join", () => {
  expect(targetsOf('nginx_n1')).toEqual(['http', 'https']);
  expect(targetsOf('management_servers_s1')).toEqual(['api', 'join']);
  for (const { target_id: id } of all(resource, 'aws_lb_target_group_attachment', 'nginx_n1')) {
    expect(id).toMatch(/^\$\{aws_network_interface\.nginx_n1_interface_\w+\.private_ip\}$/);
  }
});

test('a machine is well while a server answers it, which its own health page knows', () => {
  for (const group of all(resource, 'aws_lb_target_group', 'web')) {
    expect(group).toMatchObject({
      target_type: 'ip',
      health_check: { protocol: 'HTTP', port: '8404', path: '/healthz', matcher: '200', interval: 10 },
    });
  }
  for (const group of all(resource, 'aws_lb_target_group', 'plane')) {
    expect(group).toMatchObject({ health_check: { protocol: 'TCP', port: 'traffic-port' } });
  }
});

test('the list of servers is a parameter that no plan hides, and holds their fixed addresses', () => {
  const addresses = all(resource, 'aws_network_interface', 'management_servers').flatMap((it) => it['private_ips']);
  expect(only(resource, 'aws_ssm_parameter', 'nginx_servers')).toMatchObject({
    name: '/drover/dev/management/nginx-servers',
    type: 'String',
    insecure_value: addresses.join(' '),
  });
});

test('further servers change the list and renew no machine', () => {
  const five = synth(nginx, { servers: { machine, count: 5 } });
  const list = String(only(five.resource, 'aws_ssm_parameter', 'nginx_servers')['insecure_value']);
  expect(list.split(' ')).toHaveLength(5);
  expect(only(five.resource, 'aws_instance', 'nginx_n1')).toEqual(only(resource, 'aws_instance', 'nginx_n1'));
});

test('a machine may read this one parameter, and nothing that is encrypted but its bundle', () => {
  const { policy } = only(resource, 'aws_iam_role_policy', 'nginx');
  const { Statement: statements } = JSON.parse(String(policy)) as { Statement: { Sid: string; Resource: unknown }[] };
  expect(statements.map(({ Sid }) => Sid)).toEqual([
    'SessionManager',
    'FetchBundle',
    'DecryptBundle',
    'ReportBootstrap',
    'ReadServers',
  ]);
  expect(statements.at(-1)).toMatchObject({
    Action: 'ssm:GetParameter',
    Resource: expect.stringMatching(/^\$\{aws_ssm_parameter\.nginx_servers_\w+\.arn\}$/),
  });
});

test('a machine is told where the list lies, and no address of a server', () => {
  const config = cloudConfigOf(only(resource, 'aws_instance', 'nginx_n1')['user_data_base64']);
  const settings = settingsOf(config);
  expect(settings).toContain("DROVER_ROLE='nginx'\nDROVER_NODE='dev-management-n1'\n");
  expect(settings).toContain(
    "NGINX_SERVERS_PARAMETER='/drover/dev/management/nginx-servers'\nNGINX_HEALTH_PORT='8404'\n",
  );
  expect(settings).toContain("STEPS='65-nginx'\n");
  expect(settings).not.toContain('10.20.24');
  expect(Object.keys(config.files)).toEqual(['/etc/drover/bootstrap.env', '/opt/drover/fetch.sh']);
});

test('a pinned version reaches the step, and a watched environment watches these machines too', () => {
  const zabbix = { server: ['10.20.0.5'], pskSecret: 'ssm:/zabbix/psk' };
  const pinned = synth({ ...nginx, version: '1.24.0-2ubuntu7' }, {}, { zabbix });
  const settings = settingsOf(cloudConfigOf(only(pinned.resource, 'aws_instance', 'nginx_n1')['user_data_base64']));
  expect(settings).toContain("NGINX_VERSION='1.24.0-2ubuntu7'\n");
  expect(settings).toContain("STEPS='35-zabbix-agent 65-nginx'\n");
});

test('machines are renewed by their number alone, and one in an apply', () => {
  const renewed = synth({ ...nginx, renew: { n2: 3 } }).resource;
  expect(only(renewed, 'aws_instance', 'nginx_n2')).toMatchObject({
    lifecycle: {
      ignore_changes: expect.arrayContaining(['ami', 'instance_type', 'user_data_base64']),
      replace_triggered_by: [expect.stringMatching(/^terraform_data\.nginx_n2_renewal_\w+$/)],
    },
  });
  expect(only(renewed, 'terraform_data', 'nginx_n2')).toMatchObject({
    input: 3,
    depends_on: [expect.stringMatching(/^terraform_data\.nginx_renewals_guard_\w+$/)],
  });
  expect(only(renewed, 'aws_ssm_parameter', 'nginx_renewals_n2-number')).toMatchObject({
    name: '/drover/dev/management/renewed/n2/3',
    depends_on: expect.arrayContaining([expect.stringContaining('aws_ssm_association.nginx_n2_readiness')]),
  });
});

test("a machine is waited for by the servers' own command", () => {
  expect(namesOf('aws_ssm_document')).toHaveLength(1);
  expect(only(resource, 'aws_ssm_association', 'nginx_n1')).toMatchObject({
    name: expect.stringContaining('aws_ssm_document.management_servers_readiness'),
    targets: [{ key: 'InstanceIds', values: [expect.stringContaining('aws_instance.nginx_n1_machine')] }],
    depends_on: expect.arrayContaining([expect.stringContaining('aws_lb_target_group_attachment.nginx_n1')]),
  });
});

test('nobody but these machines reaches 80 and 443 of servers', () => {
  const into = namesOf('aws_vpc_security_group_ingress_rule').filter((name) => name.includes('rules_ingress-'));
  expect(into.map((name) => name.replace(/_\w{8}$/, ''))).toEqual([
    'security_rules_ingress-http-from-nginx',
    'security_rules_ingress-https-from-nginx',
  ]);
});
