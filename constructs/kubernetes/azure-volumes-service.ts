import { StorageClassV1 } from '@cdktf/provider-kubernetes/lib/storage-class-v1';
import { Construct } from 'constructs';
import { SITE_LABEL, type Identity } from '../../model/identity';
import type { Values } from '../../model/release/merge';
import type { ServiceChart } from '../../model/release/service-charts';
import { HelmRelease, sourceOf } from './helm-release';
import type { VolumesHome } from './volumes-service';

/** What the driver has to know of its cluster. */
export interface AzureVolumesOptions {
  /** Number of servers, on which the driver's controllers run. */
  readonly servers: number;
  /** Where volumes can be, in a cluster whose nodes stand in several sites. @default - wherever its nodes are */
  readonly home?: VolumesHome;
}

/** The block storage of a cluster. */
export interface AzureVolumesServiceProps extends AzureVolumesOptions {
  readonly chart: ServiceChart;
  readonly identity: Identity;
}

/** Encrypted volumes for whoever claims one; the driver works by the identity of the servers that it runs on. */
export class AzureVolumesService extends Construct {
  /** To depend on: before it no claim is met. */
  public readonly driver: HelmRelease;

  public constructor(scope: Construct, id: string, { chart, identity, servers, home }: AzureVolumesServiceProps) {
    super(scope, id);
    // The chart brings no class. A pod may claim a volume before its driver runs, not before its class is there.
    const standard = new StorageClassV1(this, 'class', {
      metadata: {
        name: 'managed-premium',
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      },
      storageProvisioner: 'disk.csi.azure.com',
      // The volume is made where its pod will run: a volume cannot leave its zone.
      volumeBindingMode: 'WaitForFirstConsumer',
      reclaimPolicy: 'Delete',
      allowVolumeExpansion: true,
      parameters: { skuName: 'Premium_LRS' },
      // Else a pod would be given a node without the driver.
      ...(home === undefined
        ? {}
        : {
            allowedTopologies: {
              matchLabelExpressions: [{ key: 'topology.disk.csi.azure.com/zone', values: [...home.zones] }],
            },
          }),
    });
    this.driver = new HelmRelease(this, 'disk-driver', {
      name: 'azuredisk-csi-driver',
      namespace: 'kube-system',
      chart: sourceOf(chart),
      overlay: azureVolumesValues({ servers, ...(home === undefined ? {} : { home }) }),
      identity,
      dependsOn: [standard],
    });
  }
}

/** What a cluster decides about its volumes, as values of the chart. */
export function azureVolumesValues({ servers, home }: AzureVolumesOptions): Values {
  // Controllers take ports of their machine, so that one server has room for one alone.
  const controller = { replicas: Math.min(2, servers) };
  return home === undefined ? { controller } : { controller, linux: { nodeSelector: { [SITE_LABEL]: home.siteName } } };
}
