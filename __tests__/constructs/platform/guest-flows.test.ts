import { flows, type Flow, type Role } from '../../../constructs/platform/flows';
import { guestFlows, linkFlows, withGuests } from '../../../constructs/platform/guest-flows';

/** Every connection of some flows, as text. */
const connections = (of: readonly Flow[]): string[] => [
  ...new Set(
    of.flatMap(({ name, from, to, protocol, ports }) =>
      from.flatMap((one) => to.map((other) => `${one} > ${other} ${name} ${protocol} ${ports.join('-')}`)),
    ),
  ),
];

/** The same with a role by another name on one side. */
const seen = (of: readonly Flow[], side: 'from' | 'to', as: Role): string[] =>
  connections(of.map((flow): Flow => ({ ...flow, [side]: [as] })));

test('flows of guests come after those of the cluster, which stay as they are', () => {
  expect(withGuests(flows).slice(0, flows.length)).toEqual(flows);
});

test('home lets in from a guest what the guest may open there, and out what it may take', () => {
  const further = connections(withGuests(flows).slice(flows.length));
  expect([...further].sort()).toEqual(
    [
      ...seen(linkFlows(flows, 'guest', 'home'), 'from', 'guest'),
      ...seen(linkFlows(flows, 'home', 'guest'), 'to', 'guest'),
    ].sort(),
  );
  expect(further).toContain('guest > server api tcp 6443-6443');
  expect(further).toContain('guest > plane join tcp 9345-9345');
});

test('a guest has the rules of workers alone, with home and further guests as networks', () => {
  const own = connections(guestFlows(flows));
  expect(own).toContain('home > worker kubelet tcp 10250-10250');
  expect(own).toContain('worker > home join tcp 9345-9345');
  expect(own).toContain('guest > worker overlay udp 8472-8472');
  expect(own).toContain('worker > world internet tcp 443-443');
  expect(own.filter((it) => /\b(server|plane|web|ingress|people|operators|storage)\b/.test(it))).toEqual([]);
  expect(own.filter((it) => it.startsWith('worker > guest') && /api|join|etcd/.test(it))).toEqual([]);
});

test('etcd, web traffic and operators never cross a link', () => {
  const crossing = connections([
    ...linkFlows(flows, 'guest', 'home'),
    ...linkFlows(flows, 'home', 'guest'),
    ...linkFlows(flows, 'guest', 'guest'),
  ]);
  expect(crossing.filter((it) => / etcd | https? |operators|people/.test(it))).toEqual([]);
});
