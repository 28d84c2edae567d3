/** The resource group that something is made in, and where that is. */
export interface GroupPlace {
  readonly resourceGroupName: string;
  readonly location: string;
}
