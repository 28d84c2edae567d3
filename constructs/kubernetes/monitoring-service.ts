import { Construct } from 'constructs';
import { globalsOf, type Identity } from '../../model/identity';
import { serviceNamespaces } from '../../model/namespaces';
import type { Values } from '../../model/release/merge';
import type { ServiceChart } from '../../model/release/service-charts';
import type { ServicesSpec } from '../../model/spec/services';
import { EphemeralResource } from '../core/ephemeral-resource';
import { HelmRelease, sourceOf } from './helm-release';
import { Namespace } from './namespace';
import { OpaqueSecret } from './opaque-secret';

/** Metrics of one cluster. */
export interface MonitoringServiceProps {
  readonly monitoring: ServicesSpec['monitoring'];
  readonly chart: ServiceChart;
  readonly identity: Identity;
  /** Whether others made the cluster: it has a storage class of its own, and no etcd that shows its metrics. @default false */
  readonly isImported?: boolean;
  /** What meets Prometheus' claim of a volume. @default - samples lie on the node and go with the pod */
  readonly volumes?: HelmRelease;
}

const ADMIN = 'grafana-admin';

/** Prometheus, Alertmanager and Grafana. */
export class MonitoringService extends Construct {
  public constructor(scope: Construct, id: string, props: MonitoringServiceProps) {
    super(scope, id);
    const { monitoring, identity, isImported = false, volumes } = props;
    const namespace = new Namespace(this, 'namespace', {
      name: serviceNamespaces.monitoring,
      // The node exporter reads the node's own file systems and network.
      podSecurity: 'privileged',
      identity,
    });
    const password = new EphemeralResource(this, 'password', {
      type: 'random_password',
      arguments: { length: 32, special: false },
    });
    const admin = new OpaqueSecret(this, 'admin', {
      name: ADMIN,
      namespace: namespace.name,
      data: { 'admin-user': 'admin', 'admin-password': password.attribute('result') },
      version: monitoring.passwordVersion,
    });
    new HelmRelease(this, 'prometheus', {
      name: 'prometheus',
      namespace: namespace.name,
      chart: sourceOf(props.chart),
      overlay: monitoringValues(monitoring, identity, {
        adminSecret: admin.name,
        hasVolumes: isImported || volumes !== undefined,
        hasEtcd: !isImported,
      }),
      identity,
      timeoutSec: 900,
      ...(volumes === undefined ? {} : { dependsOn: [volumes.release] }),
    });
  }
}

/** What a cluster has for its monitoring. */
export interface MonitoringGround {
  /** Name of the secret with Grafana's administrator. */
  readonly adminSecret: string;
  /** Whether a claim of a volume is met. */
  readonly hasVolumes: boolean;
  /** Whether etcd shows its metrics, as RKE2's does. @default true */
  readonly hasEtcd?: boolean;
}

/** What a cluster decides about its monitoring. */
export function monitoringValues(
  monitoring: ServicesSpec['monitoring'],
  identity: Identity,
  { adminSecret, hasVolumes, hasEtcd = true }: MonitoringGround,
): Values {
  return {
    prometheus: {
      prometheusSpec: {
        externalLabels: globalsOf(identity),
        retention: `${monitoring.retentionDays}d`,
        // Prometheus counts neither its log nor what it is compacting: a tenth of the volume stays free for them.
        retentionSize: `${Math.floor(monitoring.storageGiB * 0.9)}GiB`,
        storageSpec: hasVolumes
          ? claim(monitoring.storageGiB)
          : { emptyDir: { sizeLimit: `${monitoring.storageGiB}Gi` } },
      },
    },
    ...(hasEtcd ? {} : { kubeEtcd: { enabled: false } }),
    grafana: { admin: { existingSecret: adminSecret, userKey: 'admin-user', passwordKey: 'admin-password' } },
  };
}

function claim(storageGiB: number): Values {
  return {
    volumeClaimTemplate: {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: `${storageGiB}Gi` } } },
    },
  };
}
