import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName } from '../../model/naming';
import type { GroupPlace } from './group-place';
import type { Network } from './network';

/** The cluster that the group is of. */
export interface ClusterGroupProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
  /** Site that machines of the cluster are guests of. @default - it is the cluster's home */
  readonly guestOf?: string;
}

/** The resource group of one cluster: what its controllers may touch ends here. */
export class ClusterGroup extends Construct {
  public readonly id: string;
  public readonly place: GroupPlace;

  public constructor(scope: Construct, id: string, { environment, network, clusterName, guestOf }: ClusterGroupProps) {
    super(scope, id);
    const group = new ResourceGroup(this, 'group', {
      name: physicalName('azureResourceGroup', [
        'drover',
        environment.name,
        clusterName,
        ...(guestOf === undefined ? [] : [guestOf]),
      ]),
      location: network.region,
    });
    this.id = group.id;
    this.place = { resourceGroupName: group.name, location: network.region };
  }
}
