import { unreachable } from '../../model/errors';
import { serverKeys } from '../../model/lookup';
import type { Values } from '../../model/release/merge';
import type { ManagementSpec } from '../../model/spec/management';

/** Pods of Rancher: more than three bring nothing but traffic between them. */
const MOST_REPLICAS = 3;

/** What the environment decides about Rancher, as values of its chart. */
export function rancherValues(management: ManagementSpec): Values {
  const { hostname, servers, audit } = management;
  return {
    hostname,
    // One pod a server, because `antiAffinity: required` lets no two share one.
    replicas: Math.min(serverKeys(servers).length, MOST_REPLICAS),
    auditLog: { enabled: audit.level > 0, level: audit.level },
    ...certificateValues(management.tls),
  };
}

function certificateValues(tls: ManagementSpec['tls']): Values {
  switch (tls.source) {
    case 'rancher':
      // Agents trust the CA that Rancher names and no other.
      return { ingress: { tls: { source: 'rancher' } }, agentTLSMode: 'strict' };
    case 'letsEncrypt':
      return {
        ingress: { tls: { source: 'letsEncrypt' } },
        letsEncrypt: { email: tls.email, ingress: { class: 'traefik' } },
        // With 'strict' agents would look for a private CA that is not there.
        agentTLSMode: 'system-store',
      };
    default:
      return unreachable('source of certificates', tls);
  }
}
