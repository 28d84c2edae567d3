import { stringify } from 'yaml';
import { z } from 'zod';
import type { Environment } from '../../model/environment';
import { ChartCatalogue } from '../../model/release/catalogue';
import { readReleaseFile } from '../../model/release/release-file';
import { projectPath } from '../core/project-path';
import { CLOUD_CONFIG_SECRET } from './cloud-config';
import { azureClusterId } from './cluster-id';

/** The cluster and what its controllers know of Azure. */
export interface CloudControllerManagerOptions {
  readonly environment: Environment;
  readonly clusterName: string;
  /** JSON. */
  readonly cloudConfig: string;
  /** Whether the manager itself runs. Without it the disk driver still reads the configuration. @default true */
  readonly withManager?: boolean;
}

const CHART = 'cloud-provider-azure';

/**
 * Manifests (YAML) that make RKE2 install the cloud controller manager by itself, before any node is ready.
 * The values file of `releases/values` is the base; only what depends on the cluster is added here. The chart takes the
 * image of the cluster's own Kubernetes version.
 */
export function cloudControllerManager(options: CloudControllerManagerOptions): string {
  const { environment, clusterName, withManager = true } = options;
  const pin = ChartCatalogue.load(projectPath('releases', 'charts.yaml')).pin(CHART);
  const values = readReleaseFile(
    projectPath('releases', 'values', `${CHART}.yaml`),
    z.looseObject({}),
    'the values of a chart',
  ).value;
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: CLOUD_CONFIG_SECRET, namespace: 'kube-system' },
    stringData: { 'cloud-config': options.cloudConfig },
  };
  const chart = {
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
      valuesContent: stringify({ ...values, infra: { clusterName: azureClusterId(environment, clusterName) } }),
    },
  };
  // A reference inside a text must not be folded over two lines.
  return [secret, ...(withManager ? [chart] : [])].map((it) => stringify(it, { lineWidth: 0 })).join('---\n');
}
