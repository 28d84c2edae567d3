import type { Flow, Role } from './flows';

/** One of the sites of a cluster. */
export type Side = 'home' | 'guest';

/** What of a cluster takes part in traffic between its sites: web traffic enters at home, and files are not shared. */
const PARTS: Readonly<Record<Side, readonly Role[]>> = { home: ['server', 'worker', 'plane'], guest: ['worker'] };

/** Who a guest's workers have to do with outside of the cluster. */
const OUTSIDE: readonly Role[] = ['monitors', 'world'];

/** Flows of a cluster at home, and after them those that its guests need there. */
export function withGuests(ofCluster: readonly Flow[]): readonly Flow[] {
  return [...ofCluster, ...across(ofCluster, 'home', 'guest')];
}

/** Flows of a cluster's workers on another site: among themselves, with home, with guests of further sites. */
export function guestFlows(ofCluster: readonly Flow[]): readonly Flow[] {
  const own = [...PARTS.guest, ...OUTSIDE];
  return [
    ...between(ofCluster, own, own),
    ...across(ofCluster, 'guest', 'home'),
    ...across(ofCluster, 'guest', 'guest'),
  ];
}

/** Flows of a cluster from one of its sites to another, in the roles that play there. */
export function linkFlows(ofCluster: readonly Flow[], from: Side, to: Side): readonly Flow[] {
  return between(ofCluster, PARTS[from], PARTS[to]);
}

/** What one site lets in from another and out to it; the other one is a network to it. */
function across(ofCluster: readonly Flow[], own: Side, other: Side): readonly Flow[] {
  const seen = [
    ...linkFlows(ofCluster, other, own).map((flow): Flow => ({ ...flow, from: [other] })),
    ...linkFlows(ofCluster, own, other).map((flow): Flow => ({ ...flow, to: [other] })),
  ];
  // Servers and what is before them are one network from outside.
  const keys = seen.map(({ name, from, to }) => [name, ...from, ...to].join(' '));
  return seen.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

function between(flows: readonly Flow[], from: readonly Role[], to: readonly Role[]): Flow[] {
  return flows
    .map((flow) => ({
      ...flow,
      from: flow.from.filter((role) => from.includes(role)),
      to: flow.to.filter((role) => to.includes(role)),
    }))
    .filter((flow) => flow.from.length > 0 && flow.to.length > 0);
}
