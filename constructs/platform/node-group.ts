/** A group of workers that scales by itself, as every platform offers it. */
export interface INodeGroup {
  /** The group's key in its cluster. */
  readonly name: string;
  /** Name of the group on the platform, which operators and the autoscaler see. */
  readonly groupName: string;
}
