import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import type { Construct } from 'constructs';
import { sharedMountOf } from '../constructs/bootstrap/gluster';
import { projectPath } from '../constructs/core/project-path';
import { IngressService } from '../constructs/kubernetes/ingress-service';
import { MonitoringService } from '../constructs/kubernetes/monitoring-service';
import { SharedVolumesService } from '../constructs/kubernetes/shared-volumes-service';
import type { RancherHandover } from '../constructs/platform/rancher-handover';
import type { Environment } from '../model/environment';
import { identityOf } from '../model/identity';
import { isImported, memberOf } from '../model/lookup';
import { ServiceCharts } from '../model/release/service-charts';
import { stackName } from '../model/stack-names';
import { clusterProviders } from './cluster-providers';
import { clusterPlatform, managementPlatform } from './environment-provider';
import { EnvironmentStack } from './environment-stack';
import { memberAccess, type MemberHandover } from './member-access';
import type { IMemberServices } from './platforms/platform';

/** The cluster that gets the services. */
export interface ServicesStackProps {
  readonly rancher: RancherHandover;
  readonly cluster: MemberHandover & {
    /** Those that differ by platform. @default - the cluster has its own: others made it */
    readonly services?: IMemberServices;
  };
}

/** The platform's services in one cluster. */
export class ServicesStack extends EnvironmentStack {
  public constructor(scope: Construct, environment: Environment, clusterName: string, props: ServicesStackProps) {
    super(scope, stackName.services(environment.name, clusterName), environment);
    const cluster = memberOf(environment, clusterName);
    const identity = identityOf(environment, clusterName);
    const charts = new ServiceCharts(projectPath('releases'));
    clusterPlatform(this, environment, clusterName);
    const management = managementPlatform(this, environment, clusterName);
    clusterProviders(this, memberAccess(this, management, props.rancher, props.cluster));

    const volumes = props.cluster.services?.volumes?.(this, charts);
    props.cluster.services?.autoscaler?.(this, charts);
    const shared = sharedMountOf({ environment, clusterName });
    if (shared !== undefined) {
      const { mountPoint } = shared;
      new SharedVolumesService(this, 'shared-volumes', {
        mountPoint,
        chart: charts.get('local-path-provisioner'),
        identity,
      });
    }
    const { ingress, monitoring } = cluster.services;
    if (ingress.enabled) {
      new IngressService(this, 'ingress', { cluster, chart: charts.get('haproxy-kubernetes-ingress'), identity });
    }
    if (monitoring.enabled) {
      new RandomProvider(this, 'random');
      new MonitoringService(this, 'monitoring', {
        monitoring,
        chart: charts.get('kube-prometheus-stack'),
        identity,
        isImported: isImported(cluster),
        ...(volumes === undefined ? {} : { volumes }),
      });
    }
  }
}
