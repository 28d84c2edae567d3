import { Construct } from 'constructs';
import { SITE_LABEL, type Identity } from '../../model/identity';
import type { Values } from '../../model/release/merge';
import type { ServiceChart } from '../../model/release/service-charts';
import { AUTOSCALER_ACCOUNT, autoscalerImageTag } from './autoscaler-service';
import { azureIdentity } from './azure-identity';
import { HelmRelease, sourceOf } from './helm-release';

/** What the autoscaler has to know of its cluster. */
export interface AzureAutoscalerOptions {
  /** Identity of the autoscaler's service account. */
  readonly clientId: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Group that the scale sets are in. */
  readonly resourceGroupName: string;
  /** Name of the cluster in the tags of its groups. */
  readonly clusterId: string;
  /** The one site of several whose groups it scales. @default - the cluster stands in one */
  readonly siteName?: string;
}

/** The cluster autoscaler of a cluster. */
export interface AzureAutoscalerServiceProps extends AzureAutoscalerOptions {
  readonly chart: ServiceChart;
  /** RKE2 version, whose minor the autoscaler follows. */
  readonly kubernetesVersion: string;
  readonly identity: Identity;
}

/** Starts machines for pods that find no room, and stops machines that nobody needs. */
export class AzureAutoscalerService extends Construct {
  public constructor(scope: Construct, id: string, props: AzureAutoscalerServiceProps) {
    super(scope, id);
    const { chart, identity, kubernetesVersion } = props;
    new HelmRelease(this, 'cluster-autoscaler', {
      name: 'cluster-autoscaler',
      namespace: AUTOSCALER_ACCOUNT.namespace,
      chart: sourceOf(chart),
      overlay: {
        ...azureAutoscalerValues(props),
        image: { tag: autoscalerImageTag(kubernetesVersion, chart.pin.appVersion) },
      },
      identity,
    });
  }
}

/** What a cluster decides about its autoscaler, as values of the chart. */
export function azureAutoscalerValues(options: AzureAutoscalerOptions): Values {
  const { clientId, tenantId, subscriptionId, resourceGroupName, clusterId, siteName } = options;
  const { volume, mount, env } = azureIdentity(clientId, tenantId);
  return {
    cloudProvider: 'azure',
    azureClientID: clientId,
    azureTenantID: tenantId,
    azureSubscriptionID: subscriptionId,
    azureResourceGroup: resourceGroupName,
    azureVMType: 'vmss',
    azureUseWorkloadIdentityExtension: true,
    autoDiscovery: { clusterName: clusterId },
    rbac: { serviceAccount: { name: AUTOSCALER_ACCOUNT.serviceAccount } },
    extraEnv: env,
    extraVolumes: [volume],
    extraVolumeMounts: [mount],
    ...(siteName === undefined ? {} : { nodeSelector: { [SITE_LABEL]: siteName } }),
  };
}
