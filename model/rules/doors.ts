import { hasIngressNodes, raisedMembers } from '../lookup';
import type { Path } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import type { WebSpec } from '../spec/exposure';
import type { Placed, PlacedInSite } from './rule';

/** The whole of IPv4. */
export const WORLD = '0.0.0.0/0';

/** Where web traffic enters a member. */
export interface MemberDoor extends PlacedInSite<WebSpec> {
  /** Whether some node group takes the traffic. */
  readonly isTaken: boolean;
}

/** Ways in for web traffic, that of the management cluster first. */
export function doorsOf(env: EnvironmentSpec): PlacedInSite<WebSpec>[] {
  return [{ path: ['management'], value: env.management, site: env.management.site }, ...memberDoorsOf(env)];
}

/** Ways in for web traffic of the members. */
export function memberDoorsOf(env: EnvironmentSpec): MemberDoor[] {
  return Object.entries(raisedMembers(env)).map(([name, cluster]) => ({
    path: ['clusters', name, 'web'],
    value: cluster.web,
    site: cluster.site,
    isTaken: hasIngressNodes(cluster),
  }));
}

/** The networks that each way lets in, one by one, with their places. */
export function allowedOf(doors: readonly Placed<WebSpec>[]): Placed<string>[] {
  return doors.flatMap(({ path, value }) =>
    value.allowedCidrs.map((cidr, index) => ({ path: cidrPath(path, index), value: cidr })),
  );
}

/** Place of one of the networks that a way lets in. */
export function cidrPath(door: Path, index: number): Path {
  return [...door, 'allowedCidrs', index];
}
