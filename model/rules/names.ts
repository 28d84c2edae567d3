import { MANAGEMENT } from '../lookup';
import { keyNotAllowed, notAllowed } from '../problem';
import type { Rule } from './rule';

export const managementReserved: Rule = {
  id: 'management-reserved',
  check: (env) =>
    MANAGEMENT in env.clusters
      ? [keyNotAllowed(['clusters', MANAGEMENT], 'must be another name: this one is the cluster that runs Rancher')]
      : [],
};

export const domainInZone: Rule = {
  id: 'domain-in-zone',
  check: ({ domain, dns }) =>
    lies(domain, dns.zone) ? [] : [notAllowed(['domain'], domain, `must lie in dns.zone ("${dns.zone}")`)],
};

export const hostnameInZone: Rule = {
  id: 'hostname-in-zone',
  check: ({ management: { hostname }, dns }) =>
    hostname !== dns.zone && lies(hostname, dns.zone)
      ? []
      : [notAllowed(['management', 'hostname'], hostname, `must be a name below dns.zone ("${dns.zone}")`)],
};

function lies(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}
