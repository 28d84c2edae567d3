import { Construct } from 'constructs';
import { tagsOf, type Identity } from '../../model/identity';
import type { Values } from '../../model/release/merge';
import type { ServiceChart } from '../../model/release/service-charts';
import { HelmRelease, sourceOf } from './helm-release';
import { webIdentity } from './web-identity';

/** Namespace and service account that the driver's role trusts. */
export const VOLUMES_ACCOUNT = { namespace: 'kube-system', serviceAccount: 'ebs-csi-controller-sa' } as const;

/** What the driver has to know of its cluster. */
export interface VolumesOptions {
  /** Role of the driver's service account. */
  readonly arn: string;
  /** Name of the cluster in the tags of its machines and volumes. */
  readonly clusterId: string;
  readonly identity: Identity;
}

/** The block storage of a cluster. */
export interface VolumesServiceProps extends VolumesOptions {
  readonly chart: ServiceChart;
}

/** Encrypted volumes for whoever claims one. */
export class VolumesService extends Construct {
  /** To depend on: before it no claim is met. */
  public readonly driver: HelmRelease;

  public constructor(scope: Construct, id: string, props: VolumesServiceProps) {
    super(scope, id);
    this.driver = new HelmRelease(this, 'ebs-driver', {
      name: 'aws-ebs-csi-driver',
      namespace: VOLUMES_ACCOUNT.namespace,
      chart: sourceOf(props.chart),
      overlay: volumesValues(props),
      identity: props.identity,
    });
  }
}

/** What a cluster decides about its volumes, as values of the chart. */
export function volumesValues({ arn, clusterId, identity }: VolumesOptions): Values {
  const { volume, mount, env } = webIdentity(arn, identity.region);
  return {
    controller: {
      region: identity.region,
      k8sTagClusterId: clusterId,
      extraVolumeTags: tagsOf(identity),
      serviceAccount: { name: VOLUMES_ACCOUNT.serviceAccount },
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
      volumes: [volume],
      volumeMounts: [mount],
    },
  };
}
