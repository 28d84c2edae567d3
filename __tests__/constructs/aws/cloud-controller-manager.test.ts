import { parse } from 'yaml';
import { cloudControllerManager } from '../../../constructs/aws/cloud-controller-manager';
import { withShop } from './machines-fixture';

interface HelmChart {
  readonly kind: string;
  readonly spec: { readonly version: string; readonly bootstrap: boolean; readonly valuesContent: string };
}

function manifestOf(kubernetesVersion?: string): HelmChart {
  const environment = withShop(kubernetesVersion === undefined ? {} : { kubernetesVersion });
  return parse(
    cloudControllerManager({ environment, clusterName: 'shop', controllers: ['cloud-node-controller'] }),
  ) as HelmChart;
}

test('RKE2 installs the pinned chart before any node is ready', () => {
  expect(manifestOf()).toMatchObject({
    kind: 'HelmChart',
    metadata: { name: 'aws-cloud-controller-manager', namespace: 'kube-system' },
    spec: {
      chart: 'aws-cloud-controller-manager',
      repo: 'https://kubernetes.github.io/cloud-provider-aws',
      version: '0.0.11',
      targetNamespace: 'kube-system',
      bootstrap: true,
    },
  });
});

test('it runs on servers that are not initialised, with the controllers that it is told', () => {
  expect(parse(manifestOf().spec.valuesContent)).toMatchObject({
    args: [
      '--v=2',
      '--cloud-provider=aws',
      '--configure-cloud-routes=false',
      '--cluster-name=dev-shop',
      '--controllers=cloud-node-controller',
    ],
    hostNetworking: true,
    nodeSelector: { 'node-role.kubernetes.io/control-plane': 'true' },
    tolerations: expect.arrayContaining([{ key: 'node-role.kubernetes.io/etcd', effect: 'NoExecute' }]),
  });
});

test.each([
  ['v1.35.7+rke2r1', 'v1.35.0'],
  ['v1.34.10+rke2r1', 'v1.34.0'],
])('Kubernetes %s gets image %s', (kubernetesVersion, tag) => {
  expect(parse(manifestOf(kubernetesVersion).spec.valuesContent)).toMatchObject({ image: { tag } });
});
