import { readFileSync } from 'node:fs';
import { flows, type Role } from '../../../constructs/platform/flows';
import { openFlows } from '../../../constructs/platform/open-flows';
import { mixedWith } from '../mixed-fixture';

const HOME: readonly Role[] = ['server', 'worker', 'plane'];
const GUEST: readonly Role[] = ['worker'];
const partsOf = (site: string): readonly Role[] => (site === 'eu' ? HOME : GUEST);

const open = openFlows(mixedWith(['workers', 'us', 'dc1']), 'shop');
const ports = [22, 53, 80, 179, 443, 2379, 2381, 5473, 6443, 8472, 9099, 9100, 9345, 10050, 10250, 24007, 30000];

/** Whether the list has a connection between two sites. */
const isListed = (fromSite: string, toSite: string, protocol: string, port: number): boolean =>
  open.some((it) => {
    const [first = 0, last = first] = it.ports.split('-').map(Number);
    return (
      it.fromSite === fromSite && it.toSite === toSite && it.protocol === protocol && first <= port && port <= last
    );
  });

/** Whether some part of the one site opens such a connection to some part of the other. */
const isFlow = (fromSite: string, toSite: string, protocol: string, port: number): boolean =>
  flows.some(
    (flow) =>
      flow.protocol === protocol &&
      flow.ports[0] <= port &&
      port <= flow.ports[1] &&
      flow.from.some((role) => partsOf(fromSite).includes(role)) &&
      flow.to.some((role) => partsOf(toSite).includes(role)),
  );

describe('the list of what must be open has what the table of flows has between two sites, and nothing else:', () => {
  test.each([
    ['eu', 'us'],
    ['us', 'eu'],
    ['eu', 'dc1'],
    ['dc1', 'eu'],
    ['us', 'dc1'],
    ['dc1', 'us'],
  ])('%s to %s', (from, to) => {
    const cases = ['tcp', 'udp'].flatMap((protocol) => ports.map((port) => ({ protocol, port })));
    const wrong = cases.filter(
      ({ protocol, port }) => isListed(from, to, protocol, port) !== isFlow(from, to, protocol, port),
    );
    expect(wrong).toEqual([]);
  });
});

test('each way is named by sites and networks, each port once', () => {
  expect(open.filter(({ fromSite, ports: it }) => fromSite === 'dc1' && it === '6443')).toEqual([
    {
      fromSite: 'dc1',
      from: '10.40.0.0/24',
      toSite: 'eu',
      to: '10.20.0.0/16',
      protocol: 'tcp',
      ports: '6443',
      why: 'Kubernetes API at its fixed address',
    },
  ]);
});

test('a cluster in one site opens nothing', () => {
  expect(openFlows(mixedWith(['workers']), 'shop')).toEqual([]);
});

test('the page on mixed clusters lists the same', () => {
  const page = readFileSync('docs/mixed-clusters.md', 'utf8');
  const listed = [...page.matchAll(/^\| `(\w+)` +\| `([\d-]+)` +\| (yes|no) +\| (yes|no) +\| (yes|no) +\|/gm)].map(
    ([, protocol, port, ...ways]) => ({ protocol, port, ways }),
  );
  const known = new Map(open.map((it) => [`${it.protocol} ${it.ports}`, it]));
  const ways = [
    ['dc1', 'eu'],
    ['eu', 'dc1'],
    ['us', 'dc1'],
  ] as const;
  expect(listed).toEqual(
    [...known.values()]
      .sort((one, other) => Number(one.ports) - Number(other.ports))
      .map(({ protocol, ports: port }) => ({
        protocol,
        port,
        ways: ways.map(([from, to]) => (isListed(from, to, protocol, Number(port)) ? 'yes' : 'no')),
      })),
  );
});
