import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { AssetType, TerraformAsset } from 'cdktf';
import type { Construct } from 'constructs';
import { openSecret } from '../constructs/aws/open-secret';
import { Application } from '../constructs/kubernetes/application';
import type { RancherHandover } from '../constructs/platform/rancher-handover';
import type { ISecret } from '../constructs/platform/secret-store';
import type { Environment } from '../model/environment';
import { identityOf } from '../model/identity';
import type { App } from '../model/release/app';
import { releasesIn, type AppRelease } from '../model/release/app-release';
import { stackName } from '../model/stack-names';
import { awsProvider } from './aws-provider';
import { clusterProviders } from './cluster-providers';
import { EnvironmentStack } from './environment-stack';
import { unreadableSecret } from './errors';
import { memberAccess, type MemberHandover } from './member-access';
import { memberSpec } from './member-spec';

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
    const { site } = memberSpec(environment, clusterName);
    awsProvider(this, environment, site, clusterName);
    clusterProviders(this, memberAccess(this, props.rancher, props.cluster));

    const releases = releasesIn(props.apps, { environment, cluster: clusterName });
    if (releases.length === 0) return;
    const chart = new TerraformAsset(this, 'chart', { path: HOUSE_CHART, type: AssetType.DIRECTORY });
    const secretAt = this.parameters(identityOf(environment, clusterName).region, releases);
    for (const release of releases) {
      new Application(this, release.name, {
        release,
        chartPath: `\${path.module}/${chart.path}`,
        secretValues: this.opened(release, secretAt),
      });
    }
  }

  private opened(release: AppRelease, secretAt: (path: string) => ISecret): Record<string, string> {
    return Object.fromEntries(
      Object.entries(release.secrets).map(([variable, { place }]) => {
        if (place.kind !== 'ssm') throw unreadableSecret(release.name, variable, place.kind);
        return [variable, openSecret(this, `${release.name}-${variable}`, secretAt(place.path))];
      }),
    );
  }

  /** Parameters by their paths; nothing is asked where no application has a secret. */
  private parameters(region: string, releases: readonly AppRelease[]): (path: string) => ISecret {
    if (releases.every((release) => Object.keys(release.secrets).length === 0)) {
      return (path) => ({ name: path, handle: path, region });
    }
    const { partition } = new DataAwsPartition(this, 'partition');
    const { accountId } = new DataAwsCallerIdentity(this, 'account');
    return (path) => ({
      name: path,
      handle: `arn:${partition}:ssm:${region}:${accountId}:parameter${path}`,
      region,
    });
  }
}
