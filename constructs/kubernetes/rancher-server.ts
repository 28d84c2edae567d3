import { Construct } from 'constructs';
import { identityOf } from '../../model/identity';
import type { Environment } from '../../model/environment';
import { MANAGEMENT } from '../../model/lookup';
import { serviceNamespaces } from '../../model/namespaces';
import type { ServiceCharts } from '../../model/release/service-charts';
import { rancherVersionOf } from '../../model/versions';
import { HelmRelease, sourceOf } from './helm-release';
import { Namespace } from './namespace';
import { rancherValues } from './rancher-values';

/** Rancher itself, and what its certificate needs. */
export interface RancherServerProps {
  readonly environment: Environment;
  readonly charts: ServiceCharts;
  /** Password of the first login, at least 12 characters. */
  readonly bootstrapPassword: string;
}

/** Seconds that an installation may take: images of 2 GiB, a database to fill, certificates to make. */
const RANCHER_TIMEOUT_SEC = 1800;

/** cert-manager and Rancher on the management cluster. */
export class RancherServer extends Construct {
  /** Rancher's release: who speaks with Rancher depends on it. */
  public readonly rancher: HelmRelease;

  public constructor(scope: Construct, id: string, props: RancherServerProps) {
    super(scope, id);
    const { environment, charts } = props;
    const identity = identityOf(environment, MANAGEMENT);

    const certManager = new HelmRelease(this, 'cert-manager', {
      name: 'cert-manager',
      namespace: new Namespace(this, 'cert-manager-namespace', {
        name: serviceNamespaces.certManager,
        podSecurity: 'restricted',
        identity,
      }).name,
      chart: sourceOf(charts.get('cert-manager')),
      identity,
    });

    this.rancher = new HelmRelease(this, 'rancher', {
      name: 'rancher',
      namespace: new Namespace(this, 'rancher-namespace', {
        name: serviceNamespaces.rancher,
        // Rancher starts helper pods in it that mount the node.
        podSecurity: 'privileged',
        identity,
      }).name,
      chart: { ...sourceOf(charts.get('rancher')), version: rancherVersionOf(environment) },
      overlay: rancherValues(environment.management),
      secretValues: { values: { bootstrapPassword: props.bootstrapPassword }, revision: 1 },
      identity,
      // Rancher migrates its database while it upgrades and cannot be put back by going back to the old chart
      // (https://ranchermanager.docs.rancher.com/getting-started/installation-and-upgrade/install-upgrade-on-a-kubernetes-cluster/rollbacks).
      onFailure: 'stay',
      timeoutSec: RANCHER_TIMEOUT_SEC,
      dependsOn: [certManager.release],
    });
  }
}
