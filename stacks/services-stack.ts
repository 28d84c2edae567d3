import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import type { Construct } from 'constructs';
import { awsClusterId, clusterTag } from '../constructs/aws/cluster-tag';
import type { PodIdentity } from '../constructs/aws/pod-identity';
import { ServiceAccountRole } from '../constructs/aws/service-account-role';
import { volumeRights } from '../constructs/aws/volume-rights';
import { AutoscalerService } from '../constructs/kubernetes/autoscaler-service';
import { projectPath } from '../constructs/core/project-path';
import { IngressService } from '../constructs/kubernetes/ingress-service';
import { MonitoringService } from '../constructs/kubernetes/monitoring-service';
import { VOLUMES_ACCOUNT, VolumesService } from '../constructs/kubernetes/volumes-service';
import type { RancherHandover } from '../constructs/platform/rancher-handover';
import type { Environment } from '../model/environment';
import { identityOf, type Identity } from '../model/identity';
import { ServiceCharts } from '../model/release/service-charts';
import { stackName } from '../model/stack-names';
import { kubernetesVersionOf } from '../model/versions';
import { awsProvider } from './aws-provider';
import { clusterProviders } from './cluster-providers';
import { EnvironmentStack } from './environment-stack';
import { memberAccess, type MemberHandover } from './member-access';
import { memberSpec } from './member-spec';

/** The cluster that gets the services. */
export interface ServicesStackProps {
  readonly rancher: RancherHandover;
  readonly cluster: MemberHandover & {
    /** What gives the cluster's pods roles of their own. */
    readonly podIdentity: PodIdentity;
    /** Role that the cluster autoscaler wears. */
    readonly autoscalerRoleArn: string;
  };
}

/** The platform's services in one cluster. */
export class ServicesStack extends EnvironmentStack {
  private readonly charts = new ServiceCharts(projectPath('releases'));

  public constructor(
    scope: Construct,
    environment: Environment,
    private readonly clusterName: string,
    private readonly props: ServicesStackProps,
  ) {
    super(scope, stackName.services(environment.name, clusterName), environment);
    const cluster = memberSpec(environment, clusterName);
    const identity = identityOf(environment, clusterName);
    awsProvider(this, environment, cluster.site, clusterName);
    clusterProviders(this, memberAccess(this, props.rancher, props.cluster));

    const volumes = this.volumes(identity);
    this.autoscaler(identity);
    const { ingress, monitoring } = cluster.services;
    if (ingress.enabled) {
      new IngressService(this, 'ingress', { cluster, chart: this.charts.get('haproxy-kubernetes-ingress'), identity });
    }
    if (monitoring.enabled) {
      new RandomProvider(this, 'random');
      new MonitoringService(this, 'monitoring', {
        monitoring,
        chart: this.charts.get('kube-prometheus-stack'),
        identity,
        volumes: volumes.driver,
      });
    }
  }

  private volumes(identity: Identity): VolumesService {
    const { environment, clusterName } = this;
    const [tag = ''] = Object.keys(clusterTag(environment, clusterName));
    const role = new ServiceAccountRole(this, 'volumes-role', {
      environment,
      clusterName,
      podIdentity: this.props.cluster.podIdentity,
      ...VOLUMES_ACCOUNT,
      statements: volumeRights(tag),
    });
    return new VolumesService(this, 'volumes', {
      arn: role.arn,
      clusterId: awsClusterId(environment, clusterName),
      chart: this.charts.get('aws-ebs-csi-driver'),
      identity,
    });
  }

  private autoscaler(identity: Identity): void {
    const { environment, clusterName } = this;
    new AutoscalerService(this, 'autoscaler', {
      arn: this.props.cluster.autoscalerRoleArn,
      clusterId: awsClusterId(environment, clusterName),
      kubernetesVersion: kubernetesVersionOf(environment, clusterName),
      chart: this.charts.get('cluster-autoscaler'),
      identity,
    });
  }
}
