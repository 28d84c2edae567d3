import { ClusterGroup } from '../../../constructs/azure/cluster-group';
import { ClusterSecurity, type ClusterSecurityProps } from '../../../constructs/azure/cluster-security';
import { securityRules } from '../../../constructs/azure/security-rules';
import { flows } from '../../../constructs/platform/flows';
import { all, only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './fixture';
import { namesOf } from './machines-fixture';

type Rule = Record<string, unknown>;
type Props = Pick<ClusterSecurityProps, 'webCidrs' | 'planeCidrs'>;

const security = (props: Partial<Props> = {}, sections: object = {}): Synthesized =>
  inStack((stack) => {
    const environment = environmentWith({ ...sections });
    const owner = { environment, network: networkIn(stack, environment), clusterName: 'shop' };
    new ClusterSecurity(stack, 'security', {
      ...owner,
      group: new ClusterGroup(stack, 'group', owner).place,
      webCidrs: ['203.0.113.0/24'],
      planeCidrs: ['10.30.0.0/16'],
      ...props,
    });
  });

const RULE = 'azurerm_network_security_rule';
const rulesOf = ({ resource }: Synthesized): Rule[] => all(resource, RULE, 'security_rules_');
const ruleOf = ({ resource }: Synthesized, id: string): Rule => only(resource, RULE, `security_rules_${id}_`);

/** Whether a rule lets in connections to a port from everybody. */
const opens = (rule: Rule, port: number): boolean => {
  const [first, last = first] = String(rule['destination_port_range']).split('-').map(Number);
  const covers = rule['destination_port_range'] === '*' || (Number(first) <= port && port <= Number(last));
  const world = ['*', '0.0.0.0/0', 'Internet'].includes(String(rule['source_address_prefix']));
  return rule['direction'] === 'Inbound' && rule['access'] === 'Allow' && world && covers;
};

const shop = security();

test('a cluster has one group of rules, and three groups of machines that they speak of', () => {
  expect(only(shop.resource, 'azurerm_network_security_group')).toMatchObject({ name: 'staging-shop' });
  expect(only(shop.resource, 'azurerm_network_security_group')).not.toHaveProperty('security_rule');
  expect(all(shop.resource, 'azurerm_application_security_group').map(({ name }) => name)).toEqual([
    'staging-shop-ingress',
    'staging-shop-server',
    'staging-shop-worker',
  ]);
});

test('what no flow needs is refused in both directions, after all that is let through', () => {
  for (const [id, direction] of [
    ['nothing-else-in', 'Inbound'],
    ['nothing-else-out', 'Outbound'],
  ] as const) {
    expect(ruleOf(shop, id)).toMatchObject({
      direction,
      access: 'Deny',
      priority: 4096,
      protocol: '*',
      source_address_prefix: '*',
      destination_address_prefix: '*',
      source_port_range: '*',
      destination_port_range: '*',
    });
    const others = rulesOf(shop).filter((rule) => rule['direction'] === direction && rule['access'] === 'Allow');
    for (const rule of others) expect(rule['priority']).toBeLessThan(4096);
  }
});

test('a rule keeps its place when fewer people are let in, so that none takes that of another for a moment', () => {
  const priorities = (from: Synthesized): Record<string, unknown> =>
    Object.fromEntries(
      rulesOf(from).map(({ name, direction, priority }) => [`${direction as string} ${name as string}`, priority]),
    );
  const fewer = priorities(security({ webCidrs: [], planeCidrs: [] }));
  expect(Object.keys(fewer).length).toBeLessThan(rulesOf(shop).length);
  expect(priorities(shop)).toMatchObject(fewer);
});

test('people reach machines of the ingress group by their own addresses, each network once', () => {
  const some = security({ webCidrs: ['203.0.113.0/24', '198.51.100.7/32', '203.0.113.0/24'] });
  expect(ruleOf(some, 'ingress-https-from-people')).toMatchObject({
    direction: 'Inbound',
    protocol: 'Tcp',
    destination_port_range: '443',
    source_address_prefixes: ['203.0.113.0/24', '198.51.100.7/32'],
    destination_application_security_group_ids: [expect.stringContaining('security_ingress')],
  });
});

test('everybody is one address, whoever is named besides', () => {
  const open = security({ webCidrs: ['203.0.113.0/24', '0.0.0.0/0'] });
  expect(ruleOf(open, 'ingress-https-from-people')).toMatchObject({ source_address_prefix: '*' });
  expect(ruleOf(open, 'ingress-https-from-people')).not.toHaveProperty('source_address_prefixes');
});

test('without networks nobody is let in', () => {
  const closed = security({ webCidrs: [], planeCidrs: [] });
  expect(namesOf(closed.resource[RULE]).filter((name) => /people|operators|monitors/.test(name))).toEqual([]);
});

test.each([22, 2379, 6443, 9345, 10250])('the world reaches port %i nowhere, even with an open web', (port) => {
  const open = security({ webCidrs: ['0.0.0.0/0'] });
  expect(rulesOf(open).filter((rule) => opens(rule, 443))).toHaveLength(1);
  expect(rulesOf(open).filter((rule) => opens(rule, port))).toEqual([]);
});

test('operators reach the servers through the load balancer, which keeps their addresses', () => {
  expect(ruleOf(shop, 'server-api-from-operators')).toMatchObject({
    source_address_prefixes: ['10.30.0.0/16'],
    destination_port_range: '6443',
    destination_application_security_group_ids: [expect.stringContaining('security_server')],
  });
});

test('probes of load balancers come from an address of their own', () => {
  for (const id of ['server-api-from-probe', 'server-join-from-probe', 'ingress-http-from-probe']) {
    expect(ruleOf(shop, id)).toMatchObject({ source_address_prefix: 'AzureLoadBalancer' });
  }
});

test('machines go to frontends of internal load balancers by the subnet that these stand in', () => {
  expect(ruleOf(shop, 'worker-join-to-plane')).toMatchObject({
    direction: 'Outbound',
    source_application_security_group_ids: [expect.stringContaining('security_worker')],
    destination_address_prefix: '10.30.224.0/24',
    destination_port_range: '9345',
  });
});

test('Zabbix is let in by its addresses', () => {
  const zabbix = { server: ['10.30.0.5', '192.0.2.7'], pskSecret: 'keyvault:watch-psk' };
  expect(ruleOf(security({}, { zabbix }), 'server-agent-from-monitors')).toMatchObject({
    source_address_prefixes: ['10.30.0.5/32', '192.0.2.7/32'],
    destination_port_range: '10050',
  });
});

test('each rule of the table is there once, with both of its ends', () => {
  const zabbix = { server: ['10.30.0.5'], pskSecret: 'keyvault:watch-psk' };
  const built = rulesOf(security({}, { zabbix })).filter((rule) => rule['access'] === 'Allow');
  const expected = securityRules(flows).map(({ id }) => id);
  expect(built.map(({ name }) => name).sort()).toEqual([...expected].sort());
  for (const rule of built) {
    for (const end of ['source', 'destination']) {
      const given = ['address_prefix', 'address_prefixes', 'application_security_group_ids'].filter(
        (what) => `${end}_${what}` in rule,
      );
      expect(given).toHaveLength(1);
    }
  }
});

test('the API is never opened to the world', () => {
  expect(() => security({ planeCidrs: ['10.30.0.0/16', '0.0.0.0/0'] })).toThrow(
    "'planeCidrs' of cluster 'shop' must not hold '0.0.0.0/0': the Kubernetes API is never open to the world; " +
      'name the networks of the deployer, or use a port forward (management.access.endpoint)',
  );
});

test('two synths give the same rules', () => {
  expect(security().text).toBe(shop.text);
});
