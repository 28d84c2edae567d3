import { Lb } from '@cdktf/provider-azurerm/lib/lb';
import { LbBackendAddressPool } from '@cdktf/provider-azurerm/lib/lb-backend-address-pool';
import { LbProbe } from '@cdktf/provider-azurerm/lib/lb-probe';
import { LbRule } from '@cdktf/provider-azurerm/lib/lb-rule';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName } from '../../model/naming';
import type { Exposure } from '../platform/load-balancer';
import { noFrontend } from './errors';
import type { GroupPlace } from './group-place';
import type { Network } from './network';

/** A load balancer that passes TCP on. */
export interface NetworkLoadBalancerProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly group: GroupPlace;
  readonly clusterName: string;
  /** Last part of its name. */
  readonly purpose: string;
  readonly exposure: Exposure;
  /** What each address of it is for. */
  readonly frontends: readonly string[];
}

/**
 * Seconds between two checks of a machine, and how many equal results in a row decide; `numberOfProbes` does not.
 * @see https://learn.microsoft.com/azure/load-balancer/load-balancer-custom-probe-overview
 */
const PROBE = { intervalInSeconds: 5, probeThreshold: 2 } as const;

/** Minutes that a silent connection stays; then both ends are told. */
const IDLE_MINUTES = 10;

/**
 * A Standard load balancer over all zones. It keeps the client's address, so a machine behind an internal one can't
 * reach itself through it: the packet would come back from its own address. Whoever stands behind it takes another way
 * (`PlaneLoadBalancer.registrationAddress`).
 */
export class NetworkLoadBalancer extends Construct {
  private readonly addresses: ReadonlyMap<string, string>;
  private readonly balancer: Lb;
  private readonly pools = new Construct(this, 'pools');
  private readonly rules = new Construct(this, 'rules');

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: NetworkLoadBalancerProps,
  ) {
    super(scope, id);
    const { environment, clusterName, purpose, network, group, exposure, frontends } = props;
    const zones = [...network.zones];
    const publicAddresses = exposure === 'public' ? frontends.map((name) => this.publicAddress(name)) : [];
    this.balancer = new Lb(this, 'balancer', {
      ...group,
      name: physicalName('azureLoadBalancer', [environment.name, clusterName, purpose]),
      sku: 'Standard',
      frontendIpConfiguration: frontends.map((name, index) => {
        const address = publicAddresses[index];
        return address === undefined
          ? { name, zones, subnetId: network.subnets.balancers, privateIpAddressAllocation: 'Dynamic' }
          : { name, publicIpAddressId: address.id };
      }),
    });
    this.addresses = new Map(
      frontends.map((name, index) => [
        name,
        publicAddresses[index]?.ipAddress ?? this.balancer.frontendIpConfiguration.get(index).privateIpAddress,
      ]),
    );
  }

  /** Address of a frontend; it stays as long as the balancer. */
  public addressOf(frontend: string): string {
    const address = this.addresses.get(frontend);
    if (address === undefined) throw noFrontend(frontend, [...this.addresses.keys()]);
    return address;
  }

  /** Machines behind a frontend. @returns id of the pool, for their interfaces */
  public pool(frontend: string): string {
    return new LbBackendAddressPool(this.pools, frontend, { name: frontend, loadbalancerId: this.balancer.id }).id;
  }

  /** Passes a port of a frontend on to the same port of a pool. */
  public pass(name: string, port: number, to: { readonly frontend: string; readonly poolId: string }): void {
    const probe = new LbProbe(this.rules, `${name}-probe`, {
      name,
      loadbalancerId: this.balancer.id,
      protocol: 'Tcp',
      port,
      ...PROBE,
    });
    new LbRule(this.rules, name, {
      name,
      loadbalancerId: this.balancer.id,
      frontendIpConfigurationName: to.frontend,
      protocol: 'Tcp',
      frontendPort: port,
      backendPort: port,
      backendAddressPoolIds: [to.poolId],
      probeId: probe.id,
      idleTimeoutInMinutes: IDLE_MINUTES,
      tcpResetEnabled: true,
      // Machines go out by the NAT gateway, which has addresses that others let in.
      disableOutboundSnat: true,
    });
  }

  private publicAddress(frontend: string): PublicIp {
    const { environment, clusterName, group, network } = this.props;
    return new PublicIp(this, `address-${frontend}`, {
      ...group,
      name: physicalName('azurePublicIp', [environment.name, clusterName, frontend]),
      sku: 'Standard',
      allocationMethod: 'Static',
      zones: [...network.zones],
    });
  }
}
