import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import type { Construct } from 'constructs';
import { AutoscalerService } from '../../../constructs/kubernetes/autoscaler-service';
import { IngressService, ingressValues } from '../../../constructs/kubernetes/ingress-service';
import { MonitoringService, monitoringValues } from '../../../constructs/kubernetes/monitoring-service';
import { SharedVolumesService } from '../../../constructs/kubernetes/shared-volumes-service';
import { VolumesService, volumesValues } from '../../../constructs/kubernetes/volumes-service';
import { ServiceCharts } from '../../../model/release/service-charts';
import { clusterSpec, type ClusterSpec } from '../../../model/spec/cluster';
import { importedSpec, type ImportedSpec } from '../../../model/spec/imported';
import { only } from '../../support/synth';
import { addresses, member, synthesize } from './support';

const identity = { cloud: 'aws', env: 'dev', region: 'eu-west-1', cluster: 'shop' };
const charts = new ServiceCharts('releases');
const cluster: ClusterSpec = clusterSpec.parse(member());
const kmsKeyArn = 'arn:aws:kms:eu-west-1:1:key/k';
const role = { arn: 'arn:aws:iam::1:role/r', clusterId: 'dev-shop', kmsKeyArn, identity };

function imported(web: object): ImportedSpec {
  const api = { endpoint: 'https://erp.example.com:6443', token: 'ssm:/erp/token' };
  return importedSpec.parse({ kind: 'imported', cloud: 'alibaba', region: 'cn-hangzhou', api, web });
}

function services(build: (scope: Construct) => void): ReturnType<typeof synthesize> {
  return synthesize((scope) => {
    new KubernetesProvider(scope, 'kubernetes');
    new HelmProvider(scope, 'helm');
    new RandomProvider(scope, 'random');
    build(scope);
  });
}

describe('the ingress service', () => {
  test('runs on the ingress nodes', () => {
    expect(ingressValues(cluster)).toEqual({ controller: { nodeSelector: { 'drover/role': 'ingress' } } });
  });

  test('runs on every worker of a cluster without ingress nodes', () => {
    const { nodeGroups } = cluster;
    const workers = nodeGroups['workers'];
    if (workers === undefined) throw new Error("the test's cluster has no workers");
    expect(ingressValues({ ...cluster, nodeGroups: { workers } })).toEqual({});
  });

  test('stands behind a load balancer of its own cloud in a cluster that others made', () => {
    const annotations = { 'example.com/internal': 'true' };
    expect(ingressValues(imported({ allowedCidrs: ['203.0.113.0/24'], annotations }))).toMatchObject({
      controller: {
        daemonset: { useHostPort: false },
        service: {
          enabled: true,
          type: 'LoadBalancer',
          annotations,
          loadBalancerSourceRanges: ['203.0.113.0/24'],
          enablePorts: { stat: false, admin: false },
        },
        publishService: { enabled: true },
      },
    });
  });

  test('takes the ports of every node of a cluster that others made, where it says so', () => {
    expect(ingressValues(imported({ entry: 'nodes' }))).toEqual({});
  });

  test('takes ports of the node in a namespace that allows it', () => {
    const { resource } = services((scope) => {
      new IngressService(scope, 'ingress', { cluster, chart: charts.get('haproxy-kubernetes-ingress'), identity });
    });
    expect(only(resource, 'kubernetes_namespace_v1')).toMatchObject({
      metadata: { name: 'ingress', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    });
    expect(only(resource, 'helm_release')).toMatchObject({
      chart: 'kubernetes-ingress',
      version: '1.52.1',
      values: [expect.stringContaining('useHostPort: true'), expect.stringContaining('drover/role')],
    });
  });
});

describe('the monitoring service', () => {
  const monitored = services((scope) => {
    const volumes = new VolumesService(scope, 'volumes', { ...role, chart: charts.get('aws-ebs-csi-driver') });
    new MonitoringService(scope, 'monitoring', {
      monitoring: { ...cluster.services.monitoring, passwordVersion: 3 },
      chart: charts.get('kube-prometheus-stack'),
      identity,
      volumes: volumes.driver,
    });
  });

  test('makes a password that is in no state and writes it anew with its version', () => {
    expect(only(monitored.ephemeral, 'random_password')).toMatchObject({ length: 32 });
    expect(only(monitored.resource, 'kubernetes_secret_v1')).toMatchObject({
      data_wo: { 'admin-user': 'admin', 'admin-password': expect.stringMatching(/^\$\{ephemeral\.random_password\./) },
      data_wo_revision: 3,
    });
  });

  test('comes after the driver that meets its claim of a volume', () => {
    const releases = Object.values(monitored.resource?.['helm_release'] ?? {});
    const prometheus = releases.find(({ name }) => name === 'prometheus');
    expect(prometheus?.['depends_on']).toEqual([expect.stringMatching(/^helm_release\.volumes_ebs-driver_release_/)]);
  });

  const monitoring = { enabled: true, retentionDays: 10, storageGiB: 50, passwordVersion: 1 };

  test('keeps samples on the node where no claim of a volume is met', () => {
    const values = monitoringValues(monitoring, identity, { adminSecret: 'grafana-admin', hasVolumes: false });
    expect(values).toMatchObject({
      prometheus: { prometheusSpec: { retentionSize: '45GiB', storageSpec: { emptyDir: { sizeLimit: '50Gi' } } } },
    });
  });

  test('labels every sample with who the cluster is, and leaves room on the volume', () => {
    expect(monitoringValues(monitoring, identity, { adminSecret: 'grafana-admin', hasVolumes: true })).toMatchObject({
      prometheus: {
        prometheusSpec: {
          externalLabels: identity,
          retention: '10d',
          retentionSize: '45GiB',
          storageSpec: { volumeClaimTemplate: { spec: { resources: { requests: { storage: '50Gi' } } } } },
        },
      },
      grafana: { admin: { existingSecret: 'grafana-admin' } },
    });
  });

  test('consists of this', () => {
    expect(addresses(monitored).map((address) => address.replace(/_[0-9A-F]{8}$/, ''))).toEqual([
      'ephemeral.random_password.monitoring_password',
      'helm_release.monitoring_prometheus_release',
      'helm_release.volumes_ebs-driver_release',
      'kubernetes_namespace_v1.monitoring_namespace',
      'kubernetes_secret_v1.monitoring_admin_secret',
    ]);
  });
});

describe('the volumes', () => {
  test('carry the tags of their cluster, and are made by a role of their own', () => {
    expect(volumesValues(role)).toMatchObject({
      controller: {
        k8sTagClusterId: 'dev-shop',
        extraVolumeTags: { 'drover:cluster': 'shop' },
        env: expect.arrayContaining([{ name: 'AWS_ROLE_ARN', value: 'arn:aws:iam::1:role/r' }]),
        volumeMounts: [{ name: 'aws-token', mountPath: '/var/run/secrets/drover/aws', readOnly: true }],
      },
    });
  });

  test("are encrypted with the key of their cluster's site, and else as the values file has them", () => {
    expect(volumesValues(role)['storageClasses']).toEqual([
      {
        name: 'gp3',
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
        volumeBindingMode: 'WaitForFirstConsumer',
        reclaimPolicy: 'Delete',
        allowVolumeExpansion: true,
        parameters: { type: 'gp3', encrypted: 'true', kmsKeyId: kmsKeyArn },
      },
    ]);
  });
});

describe('the shared volumes', () => {
  const { resource } = services((scope) => {
    new SharedVolumesService(scope, 'shared-volumes', {
      mountPoint: '/srv/shared',
      chart: charts.get('local-path-provisioner'),
      identity,
    });
  });

  test('are folders of what every node has mounted, in a class that is not the default one', () => {
    expect(only(resource, 'helm_release')).toMatchObject({
      name: 'shared-volumes',
      chart: 'local-path-provisioner',
      repository: 'https://charts.containeroo.ch',
      version: '0.0.35',
      values: [
        expect.stringMatching(
          /name: shared\n[^]*defaultClass: false\n[^]*volumeBindingMode: Immediate\n[^]*nodePathMap: \[\]\n/,
        ),
        expect.stringContaining('"sharedFileSystemPath" = "/srv/shared/volumes"'),
      ],
    });
  });

  test('come from pinned images alone, in a namespace whose pods may see the node', () => {
    expect(charts.get('local-path-provisioner').values).toContain('tag: 1.37.0\n');
    expect(only(resource, 'kubernetes_namespace_v1')).toMatchObject({
      metadata: { name: 'shared-volumes', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    });
  });
});

describe('the autoscaler', () => {
  test.each([
    ['v1.35.7+rke2r1', 'v1.35.0'],
    ['v1.34.10+rke2r1', 'v1.34.0'],
  ])('of Kubernetes %s is %s', (kubernetesVersion, tag) => {
    const { resource } = services((scope) => {
      new AutoscalerService(scope, 'autoscaler', {
        ...role,
        kubernetesVersion,
        chart: charts.get('cluster-autoscaler'),
      });
    });
    expect(only(resource, 'helm_release')['values']).toEqual([
      expect.stringContaining('expander: least-waste'),
      expect.stringContaining(`"image" = {"tag" = "${tag}"}`),
    ]);
  });
});
