import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import { namePartsOf, type Belonging } from '../platform/belonging';
import type { GroupPlace } from './group-place';
import type { Network } from './network';

/** Whose group it is. */
export type ClusterGroupProps = Belonging & {
  readonly network: Network;
  /** Site that machines of the cluster are guests of. @default - it is the cluster's home */
  readonly guestOf?: string;
};

/** The resource group of one cluster, or of the machines of a site: what controllers may touch ends here. */
export class ClusterGroup extends Construct {
  public readonly id: string;
  public readonly place: GroupPlace;

  public constructor(scope: Construct, id: string, props: ClusterGroupProps) {
    super(scope, id);
    const { network } = props;
    const group = new ResourceGroup(this, 'group', {
      name: physicalName('azureResourceGroup', [
        'drover',
        ...namePartsOf(props),
        ...(props.guestOf === undefined ? [] : [props.guestOf]),
      ]),
      location: network.region,
    });
    this.id = group.id;
    this.place = { resourceGroupName: group.name, location: network.region };
  }
}
