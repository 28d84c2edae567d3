import { securityRules, type SecurityRule } from '../../../constructs/aws/security-rules';
import { flows, type Role } from '../../../constructs/platform/flows';
import { nginxFlows } from '../../../constructs/platform/nginx-flows';

const rules = securityRules(flows);
const throughNginx = securityRules(nginxFlows);

const openTo = (group: string, peer: Role): string[] =>
  rules
    .filter((rule) => rule.direction === 'ingress' && rule.group === group && rule.peer === peer)
    .map((rule) => `${rule.protocol}/${rule.ports.join('-')}`);

const covers = ({ ports: [first, last] }: SecurityRule, port: number): boolean => first <= port && port <= last;

test.each([
  ['of a cluster', rules],
  ['behind NGINX', throughNginx],
])('every rule %s has an id of its own', (_, all) => {
  const ids = all.map((rule) => `${rule.direction} ${rule.id}`);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a connection between two groups is let out of the one and into the other', () => {
  const between = rules.filter((rule) => rule.group === 'web' || rule.peer === 'web').map((rule) => rule.id);
  expect(between).toEqual(
    expect.arrayContaining(['web-https-to-ingress', 'ingress-https-from-web', 'web-https-from-people']),
  );
});

test('networks get no rules of their own, only the groups that they reach', () => {
  expect(new Set(rules.map((rule) => rule.group))).toEqual(new Set(['server', 'worker', 'ingress', 'plane', 'web']));
});

test.each([22, 2379, 2380, 6443, 9345, 10250])('nobody outside opens port %i of a machine', (port) => {
  const machines = ['server', 'worker', 'ingress'];
  const outside: Role[] = ['people', 'operators', 'world'];
  const open = rules.filter(
    (rule) =>
      rule.direction === 'ingress' &&
      machines.includes(rule.group) &&
      outside.includes(rule.peer) &&
      covers(rule, port),
  );
  expect(open).toEqual([]);
});

test('no rule of any group covers the port of SSH', () => {
  expect(rules.filter((rule) => covers(rule, 22))).toEqual([]);
});

test('machines reach the world by HTTP and HTTPS alone', () => {
  const out = rules.filter((rule) => rule.peer === 'world').map((rule) => `${rule.direction} ${rule.ports.join('-')}`);
  expect(new Set(out)).toEqual(new Set(['egress 80-80', 'egress 443-443']));
});

test('workers reach servers where RKE2 needs it, and etcd only for its metrics', () => {
  expect(openTo('server', 'worker')).toEqual([
    'tcp/6443-6443',
    'tcp/9345-9345',
    'tcp/2381-2381',
    'tcp/10250-10250',
    'udp/8472-8472',
    'tcp/9099-9099',
    'tcp/9100-9100',
  ]);
  expect(openTo('server', 'server')).toContain('tcp/2379-2380');
});

test('behind NGINX, web traffic reaches servers through it alone', () => {
  const web = throughNginx.filter(({ group, peer }) => group === 'web' || peer === 'web').map(({ id }) => id);
  expect(web.filter((id) => !id.includes('people')).sort()).toEqual([
    'nginx-health-from-web',
    'nginx-http-from-web',
    'nginx-https-from-web',
    'web-health-to-nginx',
    'web-http-to-nginx',
    'web-https-to-nginx',
  ]);
  const nginx = throughNginx.filter(({ group, peer }) => group === 'nginx' && peer !== 'web').map(({ id }) => id);
  expect(nginx.sort()).toEqual([
    'nginx-agent-from-monitors',
    'nginx-agent-reports-to-monitors',
    'nginx-http-to-ingress',
    'nginx-https-to-ingress',
    'nginx-internet-to-world',
    'nginx-packages-to-world',
  ]);
});

test('Zabbix reaches the agents and is reached by them, and nothing else of a machine', () => {
  const watching = rules.filter(({ peer }) => peer === 'monitors').map(({ id, ports: [port] }) => `${id} ${port}`);
  expect(watching).toEqual([
    'server-agent-from-monitors 10050',
    'worker-agent-from-monitors 10050',
    'server-agent-reports-to-monitors 10051',
    'worker-agent-reports-to-monitors 10051',
  ]);
});

test('every flow says why it is there and where that is documented', () => {
  for (const flow of [...flows, ...nginxFlows]) {
    expect(flow.why).toMatch(/^[A-Za-z]/);
    expect(flow.source).toMatch(/^https:\/\//);
  }
});

test('descriptions keep to the characters that AWS takes', () => {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
  for (const rule of [...rules, ...throughNginx])
    expect(rule.description).toMatch(/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
});
