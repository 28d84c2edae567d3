import { stringify } from 'yaml';
import { z } from 'zod';
import type { Environment } from '../../model/environment';
import { ChartCatalogue } from '../../model/release/catalogue';
import { readReleaseFile } from '../../model/release/release-file';
import { kubernetesVersionOf } from '../../model/versions';
import { projectPath } from '../core/project-path';
import { awsClusterId } from './cluster-tag';

/** A part of the cloud controller manager. `cloud-node-lifecycle-controller` deletes nodes whose machine is gone. */
export type NodeController = 'cloud-node-controller' | 'cloud-node-lifecycle-controller';

/** The cluster and what its cloud controller manager does there. */
export interface CloudControllerManagerOptions {
  readonly environment: Environment;
  readonly clusterName: string;
  readonly controllers: readonly NodeController[];
}

const CHART = 'aws-cloud-controller-manager';

const valuesSpec = z.looseObject({ args: z.array(z.string()) });

/**
 * Manifest (YAML) that makes RKE2 install the cloud controller manager by itself, before any node is ready.
 * The values file of `releases/values` is the base; only what depends on the cluster is added here.
 */
export function cloudControllerManager(options: CloudControllerManagerOptions): string {
  const { environment, clusterName, controllers } = options;
  const pin = ChartCatalogue.load(projectPath('releases', 'charts.yaml')).pin(CHART);
  const values = readReleaseFile(
    projectPath('releases', 'values', `${CHART}.yaml`),
    valuesSpec,
    'the values of a chart',
  ).value;
  return stringify({
    apiVersion: 'helm.cattle.io/v1',
    kind: 'HelmChart',
    metadata: { name: CHART, namespace: 'kube-system' },
    spec: {
      chart: pin.chart,
      repo: pin.repository,
      version: pin.version,
      targetNamespace: 'kube-system',
      // Runs on a server that is not initialised yet.
      bootstrap: true,
      valuesContent: stringify({
        ...values,
        args: [
          ...values.args,
          `--cluster-name=${awsClusterId(environment, clusterName)}`,
          `--controllers=${controllers.join(',')}`,
        ],
        image: { tag: imageTag(kubernetesVersionOf(environment, clusterName), pin.appVersion) },
      }),
    },
  });
}

/**
 * Release of the same minor as Kubernetes: the pinned one where it fits, else the first of that minor.
 * @see https://github.com/kubernetes/cloud-provider-aws#compatibility-with-kubernetes
 */
function imageTag(kubernetesVersion: string, pinned: string): string {
  const minor = kubernetesVersion.split('.').slice(0, 2).join('.');
  return pinned.startsWith(`${minor}.`) ? pinned : `${minor}.0`;
}
