import { Construct } from 'constructs';
import { z } from 'zod';
import { SITE_LABEL, tagsOf, type Identity } from '../../model/identity';
import type { Values } from '../../model/release/merge';
import { readReleaseFile } from '../../model/release/release-file';
import type { ServiceChart } from '../../model/release/service-charts';
import { projectPath } from '../core/project-path';
import { HelmRelease, sourceOf } from './helm-release';
import { webIdentity } from './web-identity';

/** Namespace and service account that the driver's role trusts. */
export const VOLUMES_ACCOUNT = { namespace: 'kube-system', serviceAccount: 'ebs-csi-controller-sa' } as const;

/** The site whose nodes have volumes. */
export interface VolumesHome {
  readonly siteName: string;
  /** Its availability zones as nodes are labelled with them, such as `eu-west-1a`, `westeurope-1`. */
  readonly zones: readonly string[];
}

/** What the driver has to know of its cluster. */
export interface VolumesOptions {
  /** Role of the driver's service account. */
  readonly arn: string;
  /** Name of the cluster in the tags of its machines and volumes. */
  readonly clusterId: string;
  /** Key that encrypts the volumes; it must be of their region. */
  readonly kmsKeyArn: string;
  readonly identity: Identity;
  /** Where volumes can be, in a cluster whose nodes stand in several sites. @default - wherever its nodes are */
  readonly home?: VolumesHome;
}

/** The block storage of a cluster. */
export interface VolumesServiceProps extends VolumesOptions {
  readonly chart: ServiceChart;
}

/** Volumes for whoever claims one, encrypted with the key of the cluster's site. */
export class VolumesService extends Construct {
  /** To depend on: before it no claim is met. */
  public readonly driver: HelmRelease;

  public constructor(scope: Construct, id: string, props: VolumesServiceProps) {
    super(scope, id);
    this.driver = new HelmRelease(this, 'ebs-driver', {
      name: 'aws-ebs-csi-driver',
      namespace: VOLUMES_ACCOUNT.namespace,
      chart: sourceOf(props.chart),
      overlay: volumesValues(props),
      identity: props.identity,
    });
  }
}

/** What a cluster decides about its volumes, as values of the chart. */
export function volumesValues({ arn, clusterId, kmsKeyArn, identity, home }: VolumesOptions): Values {
  const { volume, mount, env } = webIdentity(arn, identity.region);
  const onHome = home === undefined ? {} : { nodeSelector: { [SITE_LABEL]: home.siteName } };
  return {
    controller: {
      region: identity.region,
      k8sTagClusterId: clusterId,
      extraVolumeTags: tagsOf(identity),
      serviceAccount: { name: VOLUMES_ACCOUNT.serviceAccount },
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
      volumes: [volume],
      volumeMounts: [mount],
      ...onHome,
    },
    ...(home === undefined ? {} : { node: onHome }),
    storageClasses: classesWith(kmsKeyArn, home),
  };
}

const classSpec = z.looseObject({ parameters: z.looseObject({}) });
const valuesSpec = z.looseObject({ storageClasses: z.array(classSpec) });

/**
 * The classes of the values file, with the key: Helm replaces lists as a whole. Without a key EBS takes the account's
 * default one.
 */
function classesWith(kmsKeyId: string, home: VolumesHome | undefined): Values[] {
  const file = projectPath('releases', 'values', 'aws-ebs-csi-driver.yaml');
  return readReleaseFile(file, valuesSpec, 'the values of a chart').value.storageClasses.map((it) => ({
    ...it,
    parameters: { ...it.parameters, kmsKeyId },
    ...(home === undefined ? {} : { allowedTopologies: topologiesIn(home.zones) }),
  }));
}

/** For pods that can have volumes: else a pod would be given a node without the driver. */
function topologiesIn(zones: readonly string[]): Values[] {
  return [{ matchLabelExpressions: [{ key: 'topology.ebs.csi.aws.com/zone', values: [...zones] }] }];
}
