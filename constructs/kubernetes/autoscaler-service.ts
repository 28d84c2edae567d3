import { Construct } from 'constructs';
import { SITE_LABEL, type Identity } from '../../model/identity';
import type { Values } from '../../model/release/merge';
import type { ServiceChart } from '../../model/release/service-charts';
import { HelmRelease, sourceOf } from './helm-release';
import { webIdentity } from './web-identity';

/** Namespace and service account that the autoscaler's role trusts. */
export const AUTOSCALER_ACCOUNT = { namespace: 'kube-system', serviceAccount: 'cluster-autoscaler' } as const;

/** What the autoscaler has to know of its cluster. */
export interface AutoscalerOptions {
  /** Role of the autoscaler's service account. */
  readonly arn: string;
  /** Name of the cluster in the tags of its groups. */
  readonly clusterId: string;
  /** RKE2 version, whose minor the autoscaler follows. */
  readonly kubernetesVersion: string;
  readonly identity: Identity;
  /** The one site of several whose groups it scales. @default - the cluster stands in one */
  readonly siteName?: string;
}

/** The cluster autoscaler of a cluster. */
export interface AutoscalerServiceProps extends AutoscalerOptions {
  readonly chart: ServiceChart;
}

/** Starts machines for pods that find no room, and stops machines that nobody needs. */
export class AutoscalerService extends Construct {
  public constructor(scope: Construct, id: string, props: AutoscalerServiceProps) {
    super(scope, id);
    const { chart, identity } = props;
    new HelmRelease(this, 'cluster-autoscaler', {
      name: 'cluster-autoscaler',
      namespace: AUTOSCALER_ACCOUNT.namespace,
      chart: sourceOf(chart),
      overlay: {
        ...autoscalerValues(props),
        image: { tag: autoscalerImageTag(props.kubernetesVersion, chart.pin.appVersion) },
      },
      identity,
    });
  }
}

/** What a cluster decides about its autoscaler, as values of the chart. */
export function autoscalerValues({ arn, clusterId, identity, siteName }: AutoscalerOptions): Values {
  const { volume, mount, env } = webIdentity(arn, identity.region);
  return {
    awsRegion: identity.region,
    autoDiscovery: { clusterName: clusterId },
    rbac: { serviceAccount: { name: AUTOSCALER_ACCOUNT.serviceAccount } },
    extraEnv: env,
    extraVolumes: [volume],
    extraVolumeMounts: [mount],
    ...(siteName === undefined ? {} : { nodeSelector: { [SITE_LABEL]: siteName } }),
  };
}

/**
 * The release of Kubernetes' own minor: the pinned one where it fits, else the first of that minor.
 * @see https://github.com/kubernetes/autoscaler/tree/cluster-autoscaler-1.35.2/cluster-autoscaler#releases
 */
export function autoscalerImageTag(kubernetesVersion: string, pinned: string): string {
  const minor = kubernetesVersion.replace(/^v/, '').split('.').slice(0, 2).join('.');
  return pinned.startsWith(`${minor}.`) ? `v${pinned}` : `v${minor}.0`;
}
