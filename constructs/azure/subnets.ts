import { Subnet } from '@cdktf/provider-azurerm/lib/subnet';
import { Construct } from 'constructs';
import { planSubnets } from '../../model/network-plan';
import type { AzureSiteSpec } from '../../model/spec/site';
import { noZones } from './errors';
import type { GroupPlace } from './group-place';

/** Where subnets lie. */
export interface SubnetsProps extends GroupPlace {
  readonly virtualNetworkName: string;
  readonly site: AzureSiteSpec;
}

/** What machines reach without leaving Azure's own network; its firewalls then know them by their subnet. */
const SERVICES = ['Microsoft.KeyVault', 'Microsoft.Storage'];

/**
 * The subnets of a site, by role. A subnet of Azure spans all zones: workers have one, because a scale set stands in one
 * subnet; servers have one for each zone, so that their addresses follow the same plan as on every platform.
 */
export class Subnets extends Construct {
  public readonly workers: string;
  /** Frontends of internal load balancers; no machines. */
  public readonly balancers: string;
  /** Network of the frontends, in CIDR form: rules that let machines out to them name it. */
  public readonly balancerCidr: string;
  /** Servers only, by zone: their addresses are fixed, so nothing else may take one. */
  public readonly servers: Readonly<Record<string, string>>;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: SubnetsProps,
  ) {
    super(scope, id);
    const zones = Object.entries(planSubnets(props.site));
    const [first] = zones;
    if (first === undefined) throw noZones(props.virtualNetworkName);
    const [, shared] = first;
    this.workers = this.subnet('workers', shared.private);
    this.balancers = this.subnet('balancers', shared.public);
    this.balancerCidr = shared.public;
    this.servers = Object.fromEntries(
      zones.map(([zone, cidrs]) => [zone, this.subnet(`servers-${zone}`, cidrs.servers)]),
    );
  }

  /** Every subnet with machines. */
  public get ofMachines(): readonly string[] {
    return [this.workers, ...Object.values(this.servers)];
  }

  private subnet(name: string, cidr: string): string {
    const { resourceGroupName, virtualNetworkName } = this.props;
    return new Subnet(this, name, {
      name,
      resourceGroupName,
      virtualNetworkName,
      addressPrefixes: [cidr],
      serviceEndpoints: SERVICES,
      defaultOutboundAccessEnabled: false,
    }).id;
  }
}
