import type { GroupPlace } from './group-place';
import type { Network } from './network';

/** What controllers in a cluster have to know of Azure. */
export interface CloudConfigProps {
  readonly network: Network;
  readonly group: GroupPlace;
  /** By which a server asks for its tokens. */
  readonly clientId: string;
  readonly securityGroupName: string;
}

/** Secret in `kube-system` that the cloud controller manager and the disk driver read; it holds no credential. */
export const CLOUD_CONFIG_SECRET = 'azure-cloud-config';

/**
 * The controllers' configuration as JSON. They work by the identity of the servers that they run on.
 * @see https://cloud-provider-azure.sigs.k8s.io/install/configs/
 */
export function cloudConfig({ network, group, clientId, securityGroupName }: CloudConfigProps): string {
  const { resourceGroupName, location } = group;
  return JSON.stringify({
    cloud: 'AzurePublicCloud',
    tenantId: network.tenantId,
    subscriptionId: network.subscriptionId,
    resourceGroup: resourceGroupName,
    location,
    vnetName: network.virtualNetworkName,
    vnetResourceGroup: network.group.resourceGroupName,
    subnetName: 'workers',
    securityGroupName,
    securityGroupResourceGroup: resourceGroupName,
    vmType: 'vmss',
    loadBalancerSku: 'standard',
    useManagedIdentityExtension: true,
    userAssignedIdentityID: clientId,
    useInstanceMetadata: true,
  });
}
