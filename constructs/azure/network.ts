import { PrivateDnsZoneVirtualNetworkLink } from '@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { azureSiteOf, dnsOf } from '../../model/lookup';
import { physicalName } from '../../model/naming';
import { bastionSubnet } from '../../model/network-plan';
import type { INetwork } from '../platform/network';
import { Bastion } from './bastion';
import { BundleStore } from './bundle-store';
import { Deployers } from './deployers';
import { dnsZone } from './dns-zone';
import { Egress } from './egress';
import type { GroupPlace } from './group-place';
import { SiteVault } from './site-vault';
import { Subnets } from './subnets';

/** What a site's network is made of. */
export interface NetworkProps {
  readonly environment: Environment;
  /** The site's key in the environment; it must be on Azure. */
  readonly siteName: string;
}

/** The network of one Azure site, with the vault and the store of scripts that everything in it shares. */
export class Network extends Construct implements INetwork {
  public readonly siteName: string;
  public readonly region: string;
  public readonly cidr: string;
  /** Numbers of the availability zones. */
  public readonly zones: readonly string[];
  public readonly egressCidrs: readonly string[];
  /** The group of what the site shares; a cluster has one of its own. */
  public readonly group: GroupPlace;
  public readonly virtualNetworkName: string;
  public readonly subnets: Subnets;
  public readonly vault: SiteVault;
  public readonly bundles: BundleStore;
  public readonly tenantId: string;
  public readonly subscriptionId: string;
  /** Key of the account that Azure demands of a machine. */
  public readonly adminPublicKey: string;
  /** Networks that people open SSH to machines from: that of the bastion, where there is one. */
  public readonly bastionCidrs: readonly string[];

  public constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { environment, siteName } = props;
    const site = azureSiteOf(environment, siteName);
    const nameParts = [environment.name, siteName];
    this.siteName = siteName;
    this.region = site.location;
    this.cidr = site.cidr;
    this.zones = site.zones;
    this.adminPublicKey = site.adminPublicKey;
    const deployers = new Deployers(this, 'deployers', props);
    this.tenantId = deployers.tenantId;
    this.subscriptionId = deployers.subscriptionId;

    const group = new ResourceGroup(this, 'group', {
      name: physicalName('azureResourceGroup', ['drover', ...nameParts]),
      location: site.location,
    });
    this.group = { resourceGroupName: group.name, location: site.location };
    const network = new VirtualNetwork(this, 'network', {
      ...this.group,
      name: physicalName('azureVirtualNetwork', nameParts),
      addressSpace: [site.cidr],
    });
    this.virtualNetworkName = network.name;
    this.subnets = new Subnets(this, 'subnets', { ...this.group, virtualNetworkName: network.name, site });
    const egress = new Egress(this, 'egress', { ...this.group, subnets: this.subnets, nat: site.nat, nameParts });
    this.egressCidrs = egress.cidrs;
    const kept = { ...props, ...this.group, deployers, subnetIds: this.subnets.ofMachines };
    this.vault = new SiteVault(this, 'vault', kept);
    this.bundles = new BundleStore(this, 'bundles', kept);
    this.resolvePrivately(environment, network.id);
    const bastionCidr = bastionSubnet(site);
    this.bastionCidrs = bastionCidr === undefined ? [] : [bastionCidr];
    if (bastionCidr !== undefined) this.bastion(environment, bastionCidr);
  }

  /** A way in for people, and its name, by which they call it. */
  private bastion(environment: Environment, cidr: string): void {
    const { resourceGroupName } = this.group;
    const { hostName } = new Bastion(this, 'bastion', {
      ...this.group,
      virtualNetworkName: this.virtualNetworkName,
      cidr,
      zones: this.zones,
      allowedCidrs: environment.management.allowedCidrs,
      nameParts: [environment.name, this.siteName],
    });
    const output = new TerraformOutput(this, 'bastion-name', {
      value: { name: hostName, resourceGroup: resourceGroupName },
      description: 'What people name to reach a machine: az network bastion ssh --name ... --resource-group ...',
    });
    output.overrideLogicalId('bastion');
  }

  /** Names of a private zone are known only to the networks that are tied to it. */
  private resolvePrivately(environment: Environment, virtualNetworkId: string): void {
    if (dnsOf(environment, this.siteName).public) return;
    const { zoneName, resourceGroupName } = dnsZone(environment, this.siteName);
    new PrivateDnsZoneVirtualNetworkLink(this, 'names', {
      name: physicalName('azureVirtualNetwork', [environment.name, this.siteName]),
      privateDnsZoneName: zoneName,
      resourceGroupName,
      virtualNetworkId,
    });
  }
}
