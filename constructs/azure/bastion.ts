import { BastionHost } from '@cdktf/provider-azurerm/lib/bastion-host';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { Subnet } from '@cdktf/provider-azurerm/lib/subnet';
import { SubnetNetworkSecurityGroupAssociation } from '@cdktf/provider-azurerm/lib/subnet-network-security-group-association';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import { BastionSecurity, type BastionSecurityProps } from './bastion-security';

/** Where the bastion stands, and who may use it. */
export interface BastionProps extends BastionSecurityProps {
  readonly virtualNetworkName: string;
  /** Network of its subnet in CIDR form, /26 or larger. */
  readonly cidr: string;
  /** Numbers of the availability zones. */
  readonly zones: readonly string[];
}

/** The name by which Azure knows the subnet. */
const SUBNET = 'AzureBastionSubnet';

/** Azure Bastion: sessions by SSH with machines that have no public address, for people with rights in Azure and a key. */
export class Bastion extends Construct {
  public readonly hostName: string;

  public constructor(scope: Construct, id: string, props: BastionProps) {
    super(scope, id);
    const { resourceGroupName, location, virtualNetworkName, nameParts } = props;
    const place = { resourceGroupName, location };
    const { id: subnetId } = new Subnet(this, 'subnet', {
      name: SUBNET,
      resourceGroupName,
      virtualNetworkName,
      addressPrefixes: [props.cidr],
    });
    const security = new BastionSecurity(this, 'security', {
      ...place,
      allowedCidrs: props.allowedCidrs,
      nameParts,
    });
    const guarded = new SubnetNetworkSecurityGroupAssociation(this, 'rules', {
      subnetId,
      networkSecurityGroupId: security.securityGroupId,
    });
    const address = new PublicIp(this, 'address', {
      ...place,
      name: physicalName('azurePublicIp', [...nameParts, 'bastion']),
      sku: 'Standard',
      allocationMethod: 'Static',
      zones: [...props.zones],
    });
    this.hostName = new BastionHost(this, 'host', {
      ...place,
      name: physicalName('azureBastion', nameParts),
      sku: 'Standard',
      // The command line of Azure reaches machines by it; without, sessions are in a browser alone.
      tunnelingEnabled: true,
      // A link would let people in who have no rights in Azure.
      shareableLinkEnabled: false,
      zones: [...props.zones],
      ipConfiguration: { name: 'address', subnetId, publicIpAddressId: address.id },
      // It answers the world as soon as it is there.
      dependsOn: [guarded],
    }).name;
  }
}
