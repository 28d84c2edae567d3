import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { autoscalerValues } from '../../constructs/kubernetes/autoscaler-service';
import { azureAutoscalerValues } from '../../constructs/kubernetes/azure-autoscaler-service';
import { azureVolumesValues } from '../../constructs/kubernetes/azure-volumes-service';
import { ingressValues } from '../../constructs/kubernetes/ingress-service';
import { monitoringValues } from '../../constructs/kubernetes/monitoring-service';
import { rancherValues } from '../../constructs/kubernetes/rancher-values';
import { sharedVolumesValues } from '../../constructs/kubernetes/shared-volumes-service';
import { volumesValues } from '../../constructs/kubernetes/volumes-service';
import { raisedMembers } from '../../model/lookup';
import { ServiceCharts } from '../../model/release/service-charts';
import { importedSpec } from '../../model/spec/imported';
import { unknownKeys, type Tree } from './unknown-keys';
import { environmentWith } from '../constructs/kubernetes/support';

/** Values files of the pinned charts as their publishers wrote them; they are not part of the repository. */
const CHARTS = '../shared/facts/charts';

const identity = { cloud: 'aws', env: 'dev', region: 'eu-west-1', cluster: 'shop' };
const environment = environmentWith();
const { management } = environment;
const { shop } = raisedMembers(environment);
if (shop === undefined) throw new Error("the test's environment has no cluster 'shop'");

const imported = importedSpec.parse({
  kind: 'imported',
  cloud: 'alibaba',
  region: 'cn-hangzhou',
  api: { endpoint: 'https://erp.example.com:6443', token: 'ssm:/erp/token' },
  web: { allowedCidrs: ['203.0.113.0/24'], annotations: { 'example.com/internal': 'true' } },
});

const role = {
  arn: 'arn:aws:iam::1:role/r',
  clusterId: 'dev-shop',
  kmsKeyArn: 'arn:aws:kms:eu-west-1:1:key/k',
  kubernetesVersion: 'v1.35.7+rke2r1',
  identity,
};

const azure = { clientId: 'c', tenantId: 't', subscriptionId: 's', resourceGroupName: 'g', clusterId: 'staging-shop' };

/** What the program lays over the values files, at its widest. */
const overlays: Readonly<Record<string, readonly Tree[]>> = {
  rancher: [
    rancherValues(management),
    rancherValues({ ...management, tls: { source: 'letsEncrypt', email: 'platform@example.com' } }),
  ],
  'haproxy-kubernetes-ingress': [ingressValues(shop), ingressValues(imported)],
  'kube-prometheus-stack': [true, false].map((has) =>
    monitoringValues(shop.services.monitoring, identity, {
      adminSecret: 'grafana-admin',
      hasVolumes: has,
      hasEtcd: has,
    }),
  ),
  'cluster-autoscaler': [autoscalerValues(role), azureAutoscalerValues(azure)],
  'aws-ebs-csi-driver': [volumesValues(role)],
  'azuredisk-csi-driver': [azureVolumesValues({ servers: 3 })],
  'local-path-provisioner': [sharedVolumesValues({ mountPoint: '/mnt/gluster' })],
};

/**
 * Keys that a chart reads without naming them in its values file, each with the place where it does.
 */
const UNLISTED: Readonly<Record<string, readonly string[]>> = {
  // templates/deployment.yaml, templates/ingress.yaml and templates/issuer-letsEncrypt.yaml
  rancher: ['hostname', 'letsEncrypt.email'],
  // commented out in values.yaml; templates/controller-service.yaml
  'haproxy-kubernetes-ingress': ['controller.service.externalTrafficPolicy'],
  // values.schema.json; commented out in values.yaml
  'cert-manager': ['podDisruptionBudget.minAvailable', 'webhook.podDisruptionBudget.minAvailable'],
  // templates/daemonset.yaml
  'aws-cloud-controller-manager': ['hostNetworking'],
  // commented out in values.yaml; templates/storageclass.yaml and templates/configmap.yaml
  'local-path-provisioner': ['storageClass.provisionerName', 'sharedFileSystemPath'],
  // commented out in values.yaml; templates/cloud-controller-manager.yaml
  'cloud-provider-azure': [
    'cloudControllerManager.cloudConfigSecretName',
    'cloudControllerManager.enableDynamicReloading',
  ],
};

/** Folders whose name is not the chart's in the catalogue. */
const FOLDERS: Readonly<Record<string, string>> = { rancher: 'rancher-2.14' };

const charts = new ServiceCharts('releases');
const names = [
  'rancher',
  'cert-manager',
  'haproxy-kubernetes-ingress',
  'kube-prometheus-stack',
  'aws-cloud-controller-manager',
  'aws-ebs-csi-driver',
  'cluster-autoscaler',
  'cloud-provider-azure',
  'azuredisk-csi-driver',
  'local-path-provisioner',
];

const isThere = existsSync(CHARTS);
if (!isThere) console.warn(`value keys are not checked: the charts' own values are not in '${CHARTS}'`);

(isThere ? describe : describe.skip)('the values of', () => {
  test.each(names)('%s have no key that the pinned chart does not know', (name) => {
    const known = parse(readFileSync(join(CHARTS, FOLDERS[name] ?? name, 'values.yaml'), 'utf8')) as Tree;
    const given = [parse(charts.get(name).values) as Tree, ...(overlays[name] ?? [])];
    const unlisted = UNLISTED[name] ?? [];
    expect(given.flatMap((values) => unknownKeys(values, known)).filter((key) => !unlisted.includes(key))).toEqual([]);
  });
});

describe('the check of keys', () => {
  const known = { image: { tag: '' }, labels: {}, list: [], name: null };

  test('finds an unknown key at any depth', () => {
    expect(unknownKeys({ image: { tga: '1' }, replicas: 2 }, known)).toEqual(['image.tga', 'replicas']);
  });

  test('accepts anything in an empty map, a list and below a null', () => {
    expect(unknownKeys({ labels: { a: 1 }, list: [{ b: 1 }], name: { c: 1 }, image: { tag: '1' } }, known)).toEqual([]);
  });
});
