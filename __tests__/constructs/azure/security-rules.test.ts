import { securityRules as awsRules } from '../../../constructs/aws/security-rules';
import { securityRules } from '../../../constructs/azure/security-rules';
import { flows } from '../../../constructs/platform/flows';

const rules = securityRules(flows);
const machines = ['server', 'worker', 'ingress'];
const balancers = ['plane', 'web'];

const key = (group: string, peer: string, protocol: string, ports: readonly number[]): string =>
  `${group} ${peer} ${protocol}/${ports.join('-')}`;

const inbound = rules
  .filter(({ direction, peer }) => direction === 'Inbound' && peer !== 'probe')
  .map(({ group, peer, protocol, ports }) => key(group, peer, protocol, ports));

/** What AWS lets a machine take: directly, or from a load balancer on behalf of whoever that lets in. */
const awsInbound = awsRules(flows)
  .filter(({ direction, group }) => direction === 'ingress' && machines.includes(group))
  .flatMap(({ group, peer, protocol, ports }) =>
    balancers.includes(peer)
      ? awsRules(flows)
          .filter((it) => it.direction === 'ingress' && it.group === peer && it.ports[0] === ports[0])
          .map((it) => key(group, it.peer, protocol, ports))
      : [key(group, peer, protocol, ports)],
  );

test('machines take exactly the connections that they take on AWS', () => {
  expect(new Set(inbound)).toEqual(new Set(awsInbound));
});

test('machines open exactly the connections that they open on AWS', () => {
  const out = rules
    .filter(({ direction }) => direction === 'Outbound')
    .map(({ group, peer, protocol, ports }) => key(group, peer, protocol, ports));
  const awsOut = awsRules(flows)
    .filter(({ direction, group }) => direction === 'egress' && machines.includes(group))
    .map(({ group, peer, protocol, ports }) => key(group, peer, protocol, ports));
  expect(new Set(out)).toEqual(new Set(awsOut));
});

test('what stands behind a load balancer is probed, on the ports that it passes on alone', () => {
  const probed = rules.filter(({ peer }) => peer === 'probe').map(({ group, ports }) => `${group} ${ports[0]}`);
  expect(probed.sort()).toEqual(['ingress 443', 'ingress 80', 'server 6443', 'server 9345']);
});

test('no load balancer is let in: a machine of Azure sees the client itself', () => {
  expect(rules.filter(({ direction, peer }) => direction === 'Inbound' && balancers.includes(peer))).toEqual([]);
});

test('every rule has an id of its own, which Azure takes as its name', () => {
  const ids = rules.map(({ direction, id }) => `${direction} ${id}`);
  expect(new Set(ids).size).toBe(ids.length);
  // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork
  for (const { id, description } of rules) {
    expect(id).toMatch(/^[a-z][a-z-]{0,79}$/);
    expect(description.length).toBeLessThanOrEqual(140);
  }
});
