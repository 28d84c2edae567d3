import { AssetType, TerraformAsset } from 'cdktf';
import type { Construct } from 'constructs';
import { Application } from '../constructs/kubernetes/application';
import type { RancherHandover } from '../constructs/platform/rancher-handover';
import type { Environment } from '../model/environment';
import type { App } from '../model/release/app';
import { storeOwnerOf } from '../model/lookup';
import { releasesIn, type AppRelease } from '../model/release/app-release';
import type { SecretRef } from '../model/secret-ref';
import { stackName } from '../model/stack-names';
import { clusterProviders } from './cluster-providers';
import { clusterPlatform, managementPlatform } from './environment-provider';
import { EnvironmentStack } from './environment-stack';
import { unreadableSecret } from './errors';
import { memberAccess, type MemberHandover } from './member-access';

/** Where the house chart lies, from the root of the project. */
const HOUSE_CHART = 'charts/app';

/** The cluster that gets the applications. */
export interface AppsStackProps {
  readonly rancher: RancherHandover;
  readonly cluster: MemberHandover;
  /** All applications; those that are placed in the cluster are released. */
  readonly apps: readonly App[];
}

/** The applications in one cluster. It exists without any, so that the last one is taken away when its file goes. */
export class AppsStack extends EnvironmentStack {
  public constructor(scope: Construct, environment: Environment, clusterName: string, props: AppsStackProps) {
    super(scope, stackName.apps(environment.name, clusterName), environment);
    const platform = clusterPlatform(this, environment, clusterName);
    const management = managementPlatform(this, environment, clusterName);
    clusterProviders(this, memberAccess(this, management, props.rancher, props.cluster));

    const releases = releasesIn(props.apps, { environment, cluster: clusterName });
    if (releases.length === 0) return;
    const chart = new TerraformAsset(this, 'chart', { path: HOUSE_CHART, type: AssetType.DIRECTORY });
    // Nothing is asked of the platform where no application has a secret.
    const hasSecrets = releases.some((release) => Object.keys(release.secrets).length > 0);
    const secretAt = hasSecrets
      ? platform.placedSecrets(this, { environment, clusterName: storeOwnerOf(environment, clusterName) })
      : undefined;
    for (const release of releases) {
      new Application(this, release.name, {
        release,
        chartPath: `\${path.module}/${chart.path}`,
        secretValues: this.opened(release, (variable, { place }) => {
          const secret = secretAt?.(place);
          if (secret === undefined) {
            throw unreadableSecret(release.name, variable, place.kind, platform.secretPlace);
          }
          return platform.openSecret(this, `${release.name}-${variable}`, secret);
        }),
      });
    }
  }

  private opened(release: AppRelease, open: (variable: string, ref: SecretRef) => string): Record<string, string> {
    return Object.fromEntries(
      Object.entries(release.secrets).map(([variable, ref]) => [variable, open(variable, ref)]),
    );
  }
}
