import { ClusterSecurity, type ClusterSecurityProps } from '../../../constructs/aws/cluster-security';
import { all, only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './network-fixture';

const security = (props: Partial<ClusterSecurityProps> = {}): Synthesized =>
  inStack((stack) => {
    const environment = environmentWith();
    new ClusterSecurity(stack, 'security', {
      environment,
      network: networkIn(stack, environment),
      clusterName: 'shop',
      webCidrs: ['203.0.113.0/24'],
      planeCidrs: ['10.20.0.0/16'],
      ...props,
    });
  });

const rules = ({ resource }: Synthesized): Record<string, unknown>[] => [
  ...all(resource, 'aws_vpc_security_group_ingress_rule', 'security_'),
  ...all(resource, 'aws_vpc_security_group_egress_rule', 'security_'),
];

test('every node wears exactly one group with the tag of its cluster', () => {
  const tagged = all(security().resource, 'aws_security_group', 'security_').filter((group) =>
    JSON.stringify(group['tags']).includes('"kubernetes.io/cluster/dev-shop":"owned"'),
  );
  expect(tagged.map((group) => group['name'])).toEqual(['dev-shop-server', 'dev-shop-worker']);
});

test('groups have no rules inside: those would undo the separate ones', () => {
  for (const group of all(security().resource, 'aws_security_group', 'security_')) {
    expect(group).not.toHaveProperty('ingress');
    expect(group).not.toHaveProperty('egress');
  }
});

test('people reach the web balancer by a list, so that one more network is one line', () => {
  const { resource } = security({ webCidrs: ['203.0.113.0/24', '198.51.100.7/32', '203.0.113.0/24'] });
  expect(only(resource, 'aws_ec2_managed_prefix_list', 'security_people')).toMatchObject({
    name: 'dev-shop-people',
    address_family: 'IPv4',
    max_entries: 5,
    entry: [{ cidr: '203.0.113.0/24' }, { cidr: '198.51.100.7/32' }],
  });
  expect(only(resource, 'aws_vpc_security_group_ingress_rule', 'security_rules_web-https-from-people')).toMatchObject({
    prefix_list_id: expect.stringContaining('security_people'),
    from_port: 443,
  });
});

test('addresses of another stack may be among them', () => {
  const { resource } = inStack((stack) => {
    const environment = environmentWith();
    const network = networkIn(stack, environment);
    new ClusterSecurity(stack, 'security', {
      environment,
      network,
      clusterName: 'management',
      webCidrs: network.egressCidrs,
      planeCidrs: [],
    });
  });
  expect(only(resource, 'aws_ec2_managed_prefix_list', 'security_people')['entry']).toEqual([
    { cidr: expect.stringMatching(/^\$\{aws_eip\.[\w-]+\.public_ip\}\/32$/) },
  ]);
});

test('everybody is one rule and needs no list', () => {
  const { resource } = security({ webCidrs: ['203.0.113.0/24', '0.0.0.0/0'] });
  expect(all(resource, 'aws_ec2_managed_prefix_list', 'security_people')).toEqual([]);
  expect(only(resource, 'aws_vpc_security_group_ingress_rule', 'security_rules_web-https-from-people')).toMatchObject({
    cidr_ipv4: '0.0.0.0/0',
  });
});

test('without networks nobody is let in', () => {
  const { resource } = security({ webCidrs: [], planeCidrs: [] });
  expect(resource).not.toHaveProperty('aws_ec2_managed_prefix_list');
  expect(rules({ resource, data: {}, text: '' }).filter((rule) => 'prefix_list_id' in rule)).toEqual([]);
});

test.each([22, 2379, 6443, 9345, 10250])('the world reaches port %i nowhere, even with an open web', (port) => {
  const open = rules(security({ webCidrs: ['0.0.0.0/0'] })).filter(
    (rule) => rule['cidr_ipv4'] === '0.0.0.0/0' && Number(rule['from_port']) <= port && port <= Number(rule['to_port']),
  );
  expect(open).toEqual([]);
});

test('the API is never opened to the world', () => {
  expect(() => security({ planeCidrs: ['10.20.0.0/16', '0.0.0.0/0'] })).toThrow(
    "'planeCidrs' of cluster 'shop' must not hold '0.0.0.0/0': the Kubernetes API is never open to the world; " +
      'name the networks of the deployer, or use a port forward (management.access.endpoint)',
  );
});

test('more networks than a group has rules for are refused', () => {
  const webCidrs = Array.from({ length: 31 }, (_, index) => `203.0.113.${index}/32`);
  expect(() => security({ webCidrs })).toThrow(
    "'webCidrs' holds 31 networks, at most 30 are allowed: each counts as one rule a port, and a security group has 60; " +
      'join neighbouring networks into larger ones',
  );
});

test('two synths give the same rules', () => {
  expect(security().text).toBe(security().text);
});
