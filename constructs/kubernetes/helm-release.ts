import { Release } from '@cdktf/provider-helm/lib/release';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { globalsOf, type Identity } from '../../model/identity';
import type { ServiceChart } from '../../model/release/service-charts';
import { globalInOverlay, releaseName } from './errors';
import { literal } from './literal';

/** Helm keeps a release in a secret whose name must fit beside its own prefix and the revision. */
const RELEASE_NAME = /^(?=.{1,53}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Old revisions that `helm rollback` can go to. */
const HISTORY = 5;

/** A chart and the values that the program does not compute. */
export interface ChartSource {
  /** Name in the repository, or a path that Terraform finds. */
  readonly chart: string;
  /** Address of the repository, `https://` or `oci://`. @default - the chart is a path */
  readonly repository?: string;
  /** Exact version. @default - what the path holds */
  readonly version?: string;
  /** Text of the values file, as `helm template -f` reads it. */
  readonly values: string;
}

/** Source of a service's chart. */
export function sourceOf({ pin, values }: ServiceChart): ChartSource {
  return { chart: pin.chart, repository: pin.repository, version: pin.version, values };
}

/** Values that must be in no plan and no state. */
export interface SecretValues {
  /** Dotted names of chart values and the expressions of their values. */
  readonly values: Readonly<Record<string, string>>;
  /** Raise it to hand them over anew. */
  readonly revision: number;
}

/** One Helm release. */
export interface HelmReleaseProps {
  /** At most 53 characters. */
  readonly name: string;
  readonly namespace: string;
  readonly chart: ChartSource;
  /** Values that only the program knows; they win over the file. @default - none */
  readonly overlay?: Readonly<Record<string, unknown>>;
  /** Who the release is: it gets this as `global`. */
  readonly identity: Identity;
  /** @default - none */
  readonly secretValues?: SecretValues;
  /**
   * What a failed upgrade does: go back to the revision before, or stay for a person to look at (for a program that
   * changes its data while it upgrades). @default 'rollBack'
   */
  readonly onFailure?: 'rollBack' | 'stay';
  /** Seconds until the release must be ready. @default 600 */
  readonly timeoutSec?: number;
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** The one place that decides how a Helm release is installed, upgraded, waited for and rolled back. */
export class HelmRelease extends Construct {
  /** To depend on. */
  public readonly release: Release;

  public constructor(scope: Construct, id: string, props: HelmReleaseProps) {
    super(scope, id);
    const { values, ...chart } = props.chart;
    const { overlay = {}, secretValues, onFailure = 'rollBack', timeoutSec = 600, dependsOn = [] } = props;
    if (!RELEASE_NAME.test(props.name)) throw releaseName(props.name);
    if ('global' in overlay) throw globalInOverlay(props.name);

    this.release = new Release(this, 'release', {
      name: props.name,
      namespace: props.namespace,
      ...chart,
      values: [literal(values), Fn.yamlencode({ global: globalsOf(props.identity), ...overlay })],
      ...(secretValues
        ? {
            setWo: Object.entries(secretValues.values).map(([name, value]) => ({ name, value })),
            setWoRevision: secretValues.revision,
          }
        : {}),
      atomic: onFailure === 'rollBack',
      cleanupOnFail: onFailure === 'rollBack',
      wait: true,
      waitForJobs: true,
      timeout: timeoutSec,
      maxHistory: HISTORY,
      // A run that was cut off leaves a release that Terraform does not know; the next run takes it over.
      upgradeInstall: true,
      createNamespace: false,
      dependencyUpdate: false,
      ...(dependsOn.length > 0 ? { dependsOn: [...dependsOn] } : {}),
    });
  }
}
