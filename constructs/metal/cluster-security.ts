import type { Environment } from '../../model/environment';
import { metalGluster, metalGroup, metalServers } from '../../model/lookup';
import { keepalivedOf } from '../../model/nginx';
import type { NodeGroupSpec } from '../../model/spec/node-group';
import type { ServersSpec } from '../../model/spec/servers';
import { glusterOf } from '../../model/storage';
import type { BootstrapEnv } from '../bootstrap/env';
import { otherSites, type OtherSites } from '../platform/cluster-sites';
import { openPlane } from '../platform/errors';
import { flows, type Flow, type Role } from '../platform/flows';
import { guestFlows, withGuests } from '../platform/guest-flows';
import { withStorage } from '../platform/storage-flows';
import { hostOf } from './host-spec';
import type { Network } from './network';
import { securityRules, type SecurityRule } from './security-rules';
import { sshCidrs } from './ssh-networks';

/** Whose traffic a cluster lets in. */
export interface ClusterSecurityProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
  /** @default - they stand on another site, whose guests the hosts are */
  readonly servers?: ServersSpec;
  /** Those of this site. */
  readonly nodeGroups: Readonly<Record<string, NodeGroupSpec>>;
  /** Networks whose people, agents and pipelines may reach 80 and 443. */
  readonly webCidrs: readonly string[];
  /** Networks that may reach the Kubernetes API; never the world. */
  readonly planeCidrs: readonly string[];
}

/** Settings of a host's own firewall. */
export type FirewallSettings = Pick<BootstrapEnv, 'FIREWALL_RULES' | 'FIREWALL_SSH_FROM' | 'FIREWALL_SSH_PORT'>;

const WORLD = '0.0.0.0/0';

/** What the firewalls of a cluster's hosts let in, out of the flows of every platform. */
export class ClusterSecurity {
  public constructor(private readonly props: ClusterSecurityProps) {
    const world = props.planeCidrs.find((cidr) => cidr.endsWith('/0'));
    if (world !== undefined) throw openPlane(props.clusterName, world);
  }

  /** Settings of a host that plays these parts. */
  public firewall(parts: readonly Role[]): FirewallSettings {
    const { ssh } = this.props.network.site;
    return {
      FIREWALL_RULES: securityRules(this.flows(), parts)
        .flatMap((rule) => this.entry(rule))
        .join(' '),
      FIREWALL_SSH_FROM: sshCidrs(this.props.network, this.props.planeCidrs).join(','),
      ...(ssh.port === 22 ? {} : { FIREWALL_SSH_PORT: String(ssh.port) }),
    };
  }

  private flows(): readonly Flow[] {
    if (this.props.servers === undefined) return guestFlows(flows);
    const all = this.storage().length > 0 ? withStorage(flows) : flows;
    return Object.keys(this.otherSites().guest).length > 0 ? withGuests(all) : all;
  }

  private otherSites(): OtherSites {
    const { environment, clusterName, network } = this.props;
    return otherSites(environment, clusterName, network.siteName);
  }

  /** Nobody is no rule at all. */
  private entry({ protocol, ports: [first, last], from }: SecurityRule): string[] {
    const networks = [...new Set(from.flatMap((role) => this.networksOf(role)))];
    const port = first === last ? String(first) : `${first}-${last}`;
    const sources = networks.includes(WORLD) ? WORLD : networks.join(',');
    return sources === '' ? [] : [`${protocol}:${port}:${sources}`];
  }

  private networksOf(role: Role): readonly string[] {
    const { environment, clusterName, servers, nodeGroups, webCidrs, planeCidrs } = this.props;
    switch (role) {
      case 'server':
        return servers === undefined ? [] : this.hosts(metalServers(servers).hosts);
      case 'worker':
        return this.hosts(Object.values(nodeGroups).flatMap((group) => metalGroup(group).hosts));
      case 'storage':
        return this.hosts(this.storage());
      case 'plane':
      case 'web':
        return this.hosts(keepalivedOf(environment, clusterName)?.hosts ?? []);
      case 'people':
        return webCidrs;
      case 'operators':
        return planeCidrs;
      case 'monitors':
        return (environment.zabbix?.server ?? []).map((address) => `${address}/32`);
      case 'home':
      case 'guest':
        return Object.values(this.otherSites()[role]);
      case 'world':
        return [WORLD];
      case 'ingress':
      case 'nginx':
      case 'bastion':
        // They open no connection by that part: an ingress host is a worker or a server besides, NGINX stands on `web`, and
        // the firewall of a host knows the bastion of its site by another way.
        return [];
    }
  }

  private storage(): readonly string[] {
    const gluster = glusterOf(this.props.environment, this.props.clusterName);
    return gluster === undefined ? [] : metalGluster(gluster).hosts;
  }

  private hosts(names: readonly string[]): string[] {
    const { site, siteName } = this.props.network;
    return names.map((name) => `${hostOf(site, siteName, name).address}/32`);
  }
}
