import type { Environment } from '../../model/environment';
import { flowsIn } from '../platform/machine-flows';
import type { FirewallSettings } from './cluster-security';
import type { Network } from './network';
import { sshCidrs } from './ssh-networks';

/** What the firewall of one machine lets in: what the environment opens, the Zabbix that watches it, and SSH. */
export function machineFirewall(environment: Environment, network: Network, name: string): FirewallSettings {
  const { ssh } = network.site;
  return {
    FIREWALL_RULES: flowsIn(environment, network.siteName, name)
      .map(({ protocol, ports: [first, last], cidrs }) => {
        const port = first === last ? String(first) : `${first}-${last}`;
        return `${protocol}:${port}:${cidrs.join(',')}`;
      })
      .join(' '),
    FIREWALL_SSH_FROM: sshCidrs(network, []).join(','),
    ...(ssh.port === 22 ? {} : { FIREWALL_SSH_PORT: String(ssh.port) }),
  };
}
