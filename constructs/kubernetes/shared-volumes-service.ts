import { Construct } from 'constructs';
import type { Identity } from '../../model/identity';
import { serviceNamespaces } from '../../model/namespaces';
import type { Values } from '../../model/release/merge';
import type { ServiceChart } from '../../model/release/service-charts';
import { HelmRelease, sourceOf } from './helm-release';
import { Namespace } from './namespace';

/** Where the nodes of a cluster have the file system that they share. */
export interface SharedVolumesOptions {
  /** Folder in which every node has it before it joins. */
  readonly mountPoint: string;
}

/** The shared volumes of a cluster. */
export interface SharedVolumesServiceProps extends SharedVolumesOptions {
  readonly chart: ServiceChart;
  readonly identity: Identity;
}

/** Folder of the volumes, beside which people may keep what is none. */
const VOLUMES = 'volumes';

/** Volumes that pods on all nodes write to at once, as folders of the file system that the nodes share. */
export class SharedVolumesService extends Construct {
  public constructor(scope: Construct, id: string, { chart, identity, mountPoint }: SharedVolumesServiceProps) {
    super(scope, id);
    const namespace = new Namespace(this, 'namespace', {
      name: serviceNamespaces.sharedVolumes,
      // A pod that makes the folder of a volume sees the node's own file system.
      podSecurity: 'privileged',
      identity,
    });
    new HelmRelease(this, 'provisioner', {
      name: 'shared-volumes',
      namespace: namespace.name,
      chart: sourceOf(chart),
      overlay: sharedVolumesValues({ mountPoint }),
      identity,
    });
  }
}

/** What a cluster decides about its shared volumes, as values of the chart. */
export function sharedVolumesValues({ mountPoint }: SharedVolumesOptions): Values {
  return { sharedFileSystemPath: `${mountPoint}/${VOLUMES}` };
}
