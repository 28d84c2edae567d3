import { containsAddress, parseAddress, parseCidr } from '../../../model/cidr';
import { raisedMembers } from '../../../model/lookup';
import { ClusterSecurity } from '../../../constructs/metal/cluster-security';
import { Network } from '../../../constructs/metal/network';
import { flows, type Role } from '../../../constructs/platform/flows';
import { withStorage } from '../../../constructs/platform/storage-flows';
import type { Environment } from '../../../model/environment';
import { emptyStack, labWith, withoutBastion } from './fixture';

function securityOf(environment: Environment, planeCidrs: readonly string[] = ['172.16.5.0/24']): ClusterSecurity {
  const network = new Network(emptyStack(), 'network', { environment, siteName: 'hall' });
  const { servers, nodeGroups } = raisedMembers(environment)['plant'] ?? {
    servers: { hosts: [], kubectl: false },
    nodeGroups: {},
  };
  const webCidrs = ['192.168.0.0/16'];
  return new ClusterSecurity({ environment, network, clusterName: 'plant', servers, nodeGroups, webCidrs, planeCidrs });
}

const watched = labWith([
  'sites:\n',
  'zabbix: { server: [10.99.0.1], pskSecret: "vault:drover/zabbix#psk" }\nsites:\n',
]);

/** The member's hosts, and others whose traffic may come: the parts that each plays. */
const parts: Readonly<Record<string, readonly Role[]>> = {
  '10.40.0.31': ['server'],
  '10.40.0.32': ['server'],
  '10.40.0.33': ['server'],
  '10.40.0.41': ['worker'],
  '10.40.0.42': ['worker', 'ingress'],
  '10.40.0.51': ['plane', 'web'],
  '10.40.0.52': ['plane', 'web'],
  '10.40.0.61': ['storage'],
  '10.40.0.62': ['storage'],
  '10.40.0.63': ['storage'],
  '192.168.7.7': ['people'],
  '172.16.5.5': ['operators'],
  '10.99.0.1': ['monitors'],
  '198.51.100.9': [],
};
const hosts = Object.keys(parts).filter((address) => /^10\.40\.0\.[3-6]\d$/.test(address));
const ports = [22, 80, 443, 2379, 2380, 2381, 6443, 8472, 9099, 9100, 9345, 10050, 10250, 24007, 30000, 49152, 60999];

/** Whether a firewall lets a connection in. */
function letsIn(rules: string, protocol: string, port: number, from: string): boolean {
  return rules.split(' ').some((rule) => {
    const [kind, range = '', networks = ''] = rule.split(':');
    const [first = 0, last = first] = range.split('-').map(Number);
    return (
      kind === protocol &&
      port >= first &&
      port <= last &&
      networks.split(',').some((network) => containsAddress(parseCidr(network), parseAddress(from)))
    );
  });
}

/** Whether the table of flows has such a connection between two that play these parts. */
function isFlow(protocol: string, port: number, from: readonly Role[], to: readonly Role[]): boolean {
  return withStorage(flows).some(
    (flow) =>
      flow.protocol === protocol &&
      port >= flow.ports[0] &&
      port <= flow.ports[1] &&
      flow.from.some((role) => from.includes(role)) &&
      flow.to.some((role) => to.includes(role)),
  );
}

describe("a host's firewall lets in what the table of flows has, and nothing else:", () => {
  test.each(hosts)('%s', (host) => {
    const { FIREWALL_RULES: rules = '' } = securityOf(watched).firewall(parts[host] ?? []);
    const cases = Object.entries(parts)
      .filter(([from]) => from !== host)
      .flatMap(([from, roles]) =>
        ['tcp', 'udp'].flatMap((protocol) => ports.map((port) => ({ from, roles, protocol, port }))),
      );
    const wrong = cases.filter(
      ({ from, roles, protocol, port }) =>
        letsIn(rules, protocol, port, from) !== isFlow(protocol, port, roles, parts[host] ?? []),
    );
    expect(wrong).toEqual([]);
  });
});

test('nobody reaches SSH by a flow: it has a list of its own, which the site is always in', () => {
  expect(securityOf(watched).firewall(['server'])).toMatchObject({ FIREWALL_SSH_FROM: '10.40.0.0/24' });
});

test('a bastion with an address outside the site is let in', () => {
  const far = labWith(['host: bastion.example.com', 'host: 192.0.2.9']);
  expect(securityOf(far).firewall(['server']).FIREWALL_SSH_FROM).toBe('10.40.0.0/24,192.0.2.9/32');
});

test('without a bastion whoever may use the API may log in', () => {
  const straight = withoutBastion();
  const { FIREWALL_SSH_FROM } = securityOf(straight, ['10.40.0.0/24', '192.168.10.0/24']).firewall(['server']);
  expect(FIREWALL_SSH_FROM).toBe('10.40.0.0/24,192.168.10.0/24');
});

test('another port of SSH is told', () => {
  const other = labWith(['user: drover', 'user: drover\n      port: 2222']);
  expect(securityOf(other).firewall(['server']).FIREWALL_SSH_PORT).toBe('2222');
});

test('the world is never let in to the API', () => {
  expect(() => securityOf(watched, ['0.0.0.0/0'])).toThrow(
    "'planeCidrs' of cluster 'plant' must not hold '0.0.0.0/0': the Kubernetes API is never open to the world; " +
      'name the networks of the deployer, or use a port forward (management.access.endpoint)',
  );
});
