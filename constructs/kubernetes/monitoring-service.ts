import { Construct } from 'constructs';
import { globalsOf, type Identity } from '../../model/identity';
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
  /** Whether etcd shows its metrics, as RKE2's does. @default true */
  readonly hasEtcd?: boolean;
  /** What meets Prometheus' claim of a volume. @default - the cluster's own storage class */
  readonly volumes?: HelmRelease;
}

const ADMIN = 'grafana-admin';

/** Prometheus, Alertmanager and Grafana. */
export class MonitoringService extends Construct {
  public constructor(scope: Construct, id: string, props: MonitoringServiceProps) {
    super(scope, id);
    const { monitoring, identity, hasEtcd = true, volumes } = props;
    const namespace = new Namespace(this, 'namespace', {
      name: 'monitoring',
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
      overlay: {
        ...monitoringValues(monitoring, identity, admin.name),
        ...(hasEtcd ? {} : { kubeEtcd: { enabled: false } }),
      },
      identity,
      timeoutSec: 900,
      dependsOn: volumes === undefined ? [] : [volumes.release],
    });
  }
}

/**
 * What a cluster decides about its monitoring.
 * @param adminSecret name of the secret with Grafana's administrator
 */
export function monitoringValues(
  monitoring: ServicesSpec['monitoring'],
  identity: Identity,
  adminSecret: string,
): Values {
  return {
    prometheus: {
      prometheusSpec: {
        externalLabels: globalsOf(identity),
        retention: `${monitoring.retentionDays}d`,
        // Prometheus counts neither its log nor what it is compacting: a tenth of the volume stays free for them.
        retentionSize: `${Math.floor(monitoring.storageGiB * 0.9)}GiB`,
        storageSpec: {
          volumeClaimTemplate: {
            spec: {
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: `${monitoring.storageGiB}Gi` } },
            },
          },
        },
      },
    },
    grafana: { admin: { existingSecret: adminSecret, userKey: 'admin-user', passwordKey: 'admin-password' } },
  };
}
