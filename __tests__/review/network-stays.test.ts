import { guardPlan } from '../../review/guard';
import type { PlanAction, PlanChange } from '../../review/plan-changes';

const GONE = ['the program no longer has it'];

const change = (address: string, action: PlanAction, rest: Partial<PlanChange> = {}): PlanChange => ({
  address,
  type: address.split('.')[0] ?? '',
  action,
  reasons: action === 'destroy' ? GONE : [],
  attributes: [],
  tags: {},
  ...rest,
});

const grown = { attributes: [{ path: 'address_space[0]', before: '"10.1.0.0/16"', after: '"10.2.0.0/16"' }] };
const tagged = { attributes: [{ path: 'tags.team', before: '"x"', after: '"y"' }] };

test.each([
  ['would be made anew', change('aws_vpc.network_vpc', 'replace')],
  ['would be made anew', change('azurerm_virtual_network.network', 'replace')],
  ['would be destroyed', change('aws_vpc.network_vpc', 'destroy')],
  ['would get other addresses', change('azurerm_virtual_network.network', 'update', grown)],
])('the network of a site stays: refused if it %s', (loss, network) => {
  expect(guardPlan('dev-eu-network', [network])).toEqual([
    {
      rule: 'network-stays',
      stack: 'dev-eu-network',
      ok: false,
      text: `the network of the site ${loss} (${network.address}), and every subnet and machine in it with it; the network of a site can't change: take 'cidr' and 'region' back, make a new site with the other network, and move the clusters there`,
    },
  ]);
});

test('a network that gets a tag, is made, or goes with its whole stack is not refused', () => {
  const networks = [
    change('azurerm_virtual_network.network', 'update', tagged),
    change('aws_vpc.network_vpc', 'create'),
    change('aws_subnet.network_a', 'replace'),
  ];
  expect(guardPlan('dev-eu-network', networks)).toEqual([]);
  const whole = ['aws_vpc.network_vpc', 'aws_subnet.network_a'].map((it) => change(it, 'destroy', { reasons: [] }));
  expect(guardPlan('dev-eu-network', whole)).toEqual([]);
});

test('servers that get other addresses are not told to go one by one', () => {
  const interfaces = ['s1', 's2', 's3'].map((node) =>
    change(`aws_network_interface.${node}`, 'replace', { tags: { 'drover:node': node } }),
  );
  expect(guardPlan('dev-shop-cluster', interfaces)).toMatchObject([
    {
      rule: 'one-server-at-a-time',
      ok: false,
      text: "3 servers are replaced or destroyed at once: s1, s2, s3; etcd allows one: their addresses change, which can't be done one by one: take back what changes the site's network or zones",
    },
  ]);
});
