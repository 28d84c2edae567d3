import type { MetalSiteSpec } from '../../model/spec/site';
import { hostOf } from './host-spec';

/** How Terraform reaches one host; the arguments of a `connection` by their Terraform names. */
export type Connection = Readonly<Record<string, string | number | boolean>>;

/** What every connection has in common. Keys come from the agent of whoever deploys: a key would lie in the state. */
const COMMON = { type: 'ssh', agent: true, timeout: '5m' } as const;

/** Facts of a connection that differ by host. */
const FACTS = ['host', 'port', 'user', 'host_key'] as const;
const BASTION_FACTS = ['bastion_host', 'bastion_port', 'bastion_user', 'bastion_host_key'] as const;

/** The facts by which a host is reached. */
export function sshFacts(site: MetalSiteSpec, siteName: string, host: string): Record<string, string | number> {
  const { user, port, bastion } = site.ssh;
  const { address, hostKey } = hostOf(site, siteName, host);
  return {
    host: address,
    port,
    user,
    host_key: hostKey,
    ...(bastion === undefined
      ? {}
      : {
          bastion_host: bastion.host,
          bastion_port: bastion.port,
          bastion_user: bastion.user ?? user,
          bastion_host_key: bastion.hostKey,
        }),
  };
}

/** A connection by these facts. */
export function connection(facts: Readonly<Record<string, string | number>>): Connection {
  return { ...COMMON, ...facts };
}

/** A connection by the facts in `self.input.ssh`, for provisioners that run when nothing else is known any more. */
export function connectionOfSelf(): Connection {
  return {
    ...COMMON,
    ...Object.fromEntries(FACTS.map((fact) => [fact, `\${self.input.ssh.${fact}}`])),
    // What was remembered may be older than the bastion.
    ...Object.fromEntries(BASTION_FACTS.map((fact) => [fact, `\${try(self.input.ssh.${fact}, null)}`])),
  };
}
