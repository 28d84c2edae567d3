import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { azureClusterId } from '../../constructs/azure/cluster-id';
import { memberConfig } from '../../constructs/azure/member-config';
import type { MemberFoundation } from '../../constructs/azure/member-foundation';
import { MemberMachines } from '../../constructs/azure/member-machines';
import { ServiceAccountRole } from '../../constructs/azure/service-account-role';
import type { RancherRegistration } from '../../constructs/bootstrap/rancher-registration';
import { AUTOSCALER_ACCOUNT } from '../../constructs/kubernetes/autoscaler-service';
import { AzureAutoscalerService } from '../../constructs/kubernetes/azure-autoscaler-service';
import { AzureVolumesService } from '../../constructs/kubernetes/azure-volumes-service';
import type { HelmRelease } from '../../constructs/kubernetes/helm-release';
import { isAutoscaled, isMixed, standsOnMetal } from '../../model/guests';
import { identityOf } from '../../model/identity';
import { serverKeys } from '../../model/lookup';
import type { ServiceCharts } from '../../model/release/service-charts';
import type { ClusterSpec } from '../../model/spec/cluster';
import { kubernetesVersionOf } from '../../model/versions';
import type { IMember, IMemberServices } from './platform';

/** A member on Azure. */
export class AzureMember implements IMember {
  public readonly config: IMember['config'];
  public readonly issuer: string;
  public readonly ingressAddress: string | undefined;
  public readonly forgetsMachines: boolean;

  public constructor(
    private readonly spec: ClusterSpec,
    private readonly foundation: MemberFoundation,
  ) {
    this.config = memberConfig(foundation);
    this.issuer = foundation.podIdentity.issuer;
    this.ingressAddress = foundation.web?.address;
    this.forgetsMachines = !standsOnMetal(foundation.owner.environment, spec);
  }

  public machines(scope: Construct, registration: RancherRegistration): readonly ITerraformDependable[] {
    const { spec, foundation } = this;
    return new MemberMachines(scope, 'machines', { spec, foundation, registration }).ready;
  }

  public services(scope: Construct): IMemberServices {
    const { environment, network, clusterName } = this.foundation.owner;
    const identity = identityOf(environment, clusterName);
    const { siteName, region, zones } = network;
    const mixed = isMixed(this.spec);
    return {
      volumes: (stack: Construct, charts: ServiceCharts): HelmRelease =>
        new AzureVolumesService(stack, 'volumes', {
          servers: serverKeys(this.spec.servers).length,
          chart: charts.get('azuredisk-csi-driver'),
          identity,
          ...(mixed ? { home: { siteName, zones: zones.map((zone) => `${region}-${zone}`) } } : {}),
        }).driver,
      ...(isAutoscaled(environment, this.spec) ? { autoscaler: this.autoscaler(scope) } : {}),
    };
  }

  private autoscaler(scope: Construct): NonNullable<IMemberServices['autoscaler']> {
    const { owner, podIdentity } = this.foundation;
    const { environment, network, clusterName, group } = owner;
    const identity = identityOf(environment, clusterName);
    const { clientId } = new ServiceAccountRole(scope, 'autoscaler', {
      environment,
      clusterName,
      group: group.place,
      podIdentity,
      ...AUTOSCALER_ACCOUNT,
      grants: { machines: { role: 'Virtual Machine Contributor', scope: group.id } },
    });
    return (stack, charts) => {
      new AzureAutoscalerService(stack, 'autoscaler', {
        clientId,
        tenantId: network.tenantId,
        subscriptionId: network.subscriptionId,
        resourceGroupName: group.place.resourceGroupName,
        clusterId: azureClusterId(environment, clusterName),
        kubernetesVersion: kubernetesVersionOf(environment, clusterName),
        chart: charts.get('cluster-autoscaler'),
        identity,
        ...(isMixed(this.spec) ? { siteName: network.siteName } : {}),
      });
    };
  }
}
