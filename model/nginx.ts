import { tooFewZones } from './errors';
import type { EnvironmentSpec } from './spec/environment';
import type { KeepalivedSpec, NginxSpec } from './spec/load-balancer';
import { MANAGEMENT, raisedMembers } from './lookup';
import type { AwsSiteSpec } from './spec/site';

/** The machines with NGINX that an environment asks for before Rancher's servers, if it does. */
export function nginxOf({ management: { loadBalancer } }: EnvironmentSpec): NginxSpec | undefined {
  return loadBalancer.kind === 'nginx' ? loadBalancer : undefined;
}

/** The hosts with NGINX and a virtual address that an environment asks for before a cluster, if it does. */
export function keepalivedOf(env: EnvironmentSpec, cluster: string): KeepalivedSpec | undefined {
  const loadBalancer = cluster === MANAGEMENT ? env.management.loadBalancer : raisedMembers(env)[cluster]?.loadBalancer;
  return loadBalancer?.kind === 'keepalived' ? loadBalancer : undefined;
}

/** Keys of the machines with NGINX, 'n1' to 'nN'. */
export function nginxKeys({ count }: Pick<NginxSpec, 'count'>): string[] {
  return Array.from({ length: count }, (_, index) => `n${index + 1}`);
}

/** Zone letter of a machine with NGINX: n1 in the first zone of the site, and so on. */
export function nginxZone({ zones }: Pick<AwsSiteSpec, 'zones'>, key: string): string {
  const number = Number(key.slice(1));
  const zone = zones[number - 1];
  if (zone === undefined) throw tooFewZones(zones, number);
  return zone;
}
