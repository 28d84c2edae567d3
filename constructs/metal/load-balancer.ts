import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { parseCidr } from '../../model/cidr';
import { keepalivedOf } from '../../model/nginx';
import type { KeepalivedSpec } from '../../model/spec/load-balancer';
import type { BootstrapEnv } from '../bootstrap/env';
import { extrasOf } from '../bootstrap/extras';
import { nginxSteps } from '../bootstrap/machine-steps';
import { waysOut } from '../bootstrap/way-out';
import type { ILoadBalancer } from '../platform/load-balancer';
import { NGINX_HEALTH_PORT } from '../platform/nginx-flows';
import type { ClusterSecurity } from './cluster-security';
import { noLoadBalancer } from './errors';
import { Host } from './host';
import { hostOf } from './host-spec';
import { passedPorts } from './host-use';
import { machineEnvironment } from './machine-environment';
import type { MachineOwner } from './machine-owner';
import type { MachineRole } from './machine-role';

/** The hosts that lead to a cluster, and those that they lead to. */
export interface LoadBalancerProps {
  readonly owner: MachineOwner;
  readonly security: ClusterSecurity;
  /** Names of the hosts that take the traffic. */
  readonly targets: readonly string[];
}

/** Priority of the host that has the address first; each further one has 50 less. */
const FIRST_PRIORITY = 150;
const PRIORITY_STEP = 50;

/**
 * Hosts with NGINX that keep one virtual address among them. They are told of a change one after the other, so that the
 * address always has a host.
 */
export class LoadBalancer extends Construct implements ILoadBalancer {
  public readonly address: string;
  /** All hosts pass traffic on. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { owner } = props;
    const { environment, clusterName } = owner;
    const spec = keepalivedOf(environment, clusterName);
    if (spec === undefined) throw noLoadBalancer(clusterName);
    this.address = spec.virtualAddress;
    const steps = nginxSteps({
      ...waysOut(environment),
      ...extrasOf(environment, {}),
      firewalled: true,
      sharesAddress: true,
    });
    this.ready = spec.hosts.reduce<ITerraformDependable[]>((before, name) => {
      const host = new Host(this, name, {
        owner,
        name,
        grants: [],
        env: (role) => nginxEnvironment(props, spec, { name, role }),
        steps,
        what: `load balancer '${name}' of cluster '${clusterName}'`,
        after: before.slice(-1),
      });
      return [...before, host.ready];
    }, []);
  }
}

function nginxEnvironment(
  { owner, security, targets }: LoadBalancerProps,
  spec: KeepalivedSpec,
  { name, role }: { readonly name: string; readonly role: MachineRole },
): BootstrapEnv {
  const { site, siteName, cidr } = owner.network;
  const addressOf = (host: string): string => hostOf(site, siteName, host).address;
  const { hosts, virtualAddress, routerId, version } = spec;
  return {
    ...machineEnvironment(owner, name, role),
    ...security.firewall(['plane', 'web']),
    DROVER_ROLE: 'nginx',
    NGINX_SERVERS: targets.map(addressOf).join(' '),
    NGINX_PORTS: passedPorts(owner.clusterName).join(' '),
    NGINX_HEALTH_PORT: String(NGINX_HEALTH_PORT),
    ...(version === undefined ? {} : { NGINX_VERSION: version }),
    KEEPALIVED_ADDRESS: `${virtualAddress}/${parseCidr(cidr).prefix}`,
    KEEPALIVED_PEERS: hosts
      .filter((it) => it !== name)
      .map(addressOf)
      .join(' '),
    KEEPALIVED_ROUTER_ID: String(routerId),
    KEEPALIVED_PRIORITY: String(FIRST_PRIORITY - PRIORITY_STEP * hosts.indexOf(name)),
  };
}
