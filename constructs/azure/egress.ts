import { NatGateway } from '@cdktf/provider-azurerm/lib/nat-gateway';
import { NatGatewayPublicIpAssociation } from '@cdktf/provider-azurerm/lib/nat-gateway-public-ip-association';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { SubnetNatGatewayAssociation } from '@cdktf/provider-azurerm/lib/subnet-nat-gateway-association';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import type { AzureSiteSpec } from '../../model/spec/site';
import type { GroupPlace } from './group-place';
import type { Subnets } from './subnets';

/** What reaches the world, and through how many gateways. */
export interface EgressProps extends GroupPlace {
  readonly subnets: Subnets;
  /** One NAT gateway in the first zone, or one in each. */
  readonly nat: AzureSiteSpec['nat'];
  /** First parts of the names: environment and site. */
  readonly nameParts: readonly string[];
}

/** A NAT gateway and the address that the world sees. */
interface Gateway {
  readonly id: string;
  readonly cidr: string;
}

/** Minutes that a silent connection stays; longer than the keep-alives of agents. */
const IDLE_MINUTES = 10;

/** The way out: NAT gateways with fixed addresses. A gateway of Azure stands in one zone, and a subnet has one gateway. */
export class Egress extends Construct {
  /** Addresses that the world sees, as `/32` networks. */
  public readonly cidrs: readonly string[];

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: EgressProps,
  ) {
    super(scope, id);
    const { subnets, nat } = props;
    const zones = Object.keys(subnets.servers);
    const gateways = new Map((nat === 'single' ? zones.slice(0, 1) : zones).map((zone) => [zone, this.gateway(zone)]));
    const [first] = gateways.values();
    this.cidrs = [...gateways.values()].map((gateway) => gateway.cidr);
    const ways = new Construct(this, 'subnets');
    this.way(ways, 'workers', subnets.workers, first);
    for (const [zone, subnet] of Object.entries(subnets.servers)) {
      this.way(ways, `servers-${zone}`, subnet, gateways.get(zone) ?? first);
    }
  }

  private gateway(zone: string): Gateway {
    const { resourceGroupName, location, nameParts } = this.props;
    const scope = new Construct(this, `nat-${zone}`);
    const place = { resourceGroupName, location, zones: [zone] };
    const parts = [...nameParts, 'nat', zone];
    const address = new PublicIp(scope, 'address', {
      ...place,
      name: physicalName('azurePublicIp', parts),
      sku: 'Standard',
      allocationMethod: 'Static',
    });
    const gateway = new NatGateway(scope, 'gateway', {
      ...place,
      name: physicalName('azureNatGateway', parts),
      skuName: 'Standard',
      idleTimeoutInMinutes: IDLE_MINUTES,
    });
    new NatGatewayPublicIpAssociation(scope, 'gateway-address', {
      natGatewayId: gateway.id,
      publicIpAddressId: address.id,
    });
    return { id: gateway.id, cidr: `${address.ipAddress}/32` };
  }

  private way(scope: Construct, id: string, subnetId: string, gateway: Gateway | undefined): void {
    if (gateway !== undefined) new SubnetNatGatewayAssociation(scope, id, { subnetId, natGatewayId: gateway.id });
  }
}
