import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { autoscalerValues } from '../../../constructs/kubernetes/autoscaler-service';
import { azureAutoscalerValues } from '../../../constructs/kubernetes/azure-autoscaler-service';
import { AzureVolumesService, azureVolumesValues } from '../../../constructs/kubernetes/azure-volumes-service';
import { volumesValues } from '../../../constructs/kubernetes/volumes-service';
import { ServiceCharts } from '../../../model/release/service-charts';
import { only } from '../../support/synth';
import { synthesize } from './support';

const identity = { cloud: 'aws', env: 'dev', region: 'eu-west-1', cluster: 'shop' };
const kmsKeyArn = 'arn:aws:kms:eu-west-1:1:key/k';
const onAws = { arn: 'arn:aws:iam::1:role/r', clusterId: 'dev-shop', kmsKeyArn, identity };
const inAzure = { siteName: 'weu', zones: ['westeurope-1', 'westeurope-2'] };
const there = { nodeSelector: { 'drover/site': 'eu' } };

test('volumes of a mixed cluster on AWS are made and used at home, and pods that claim one go there', () => {
  const values = volumesValues({ ...onAws, home: { siteName: 'eu', zones: ['eu-west-1a', 'eu-west-1b'] } });
  expect(values).toMatchObject({
    controller: there,
    node: there,
    storageClasses: [
      {
        name: 'gp3',
        volumeBindingMode: 'WaitForFirstConsumer',
        parameters: { encrypted: 'true', kmsKeyId: kmsKeyArn },
        allowedTopologies: [
          {
            matchLabelExpressions: [{ key: 'topology.ebs.csi.aws.com/zone', values: ['eu-west-1a', 'eu-west-1b'] }],
          },
        ],
      },
    ],
  });
});

test('volumes of a mixed cluster on Azure are made and used at home, and pods that claim one go there', () => {
  const { resource } = synthesize((scope) => {
    new AzurermProvider(scope, 'azurerm', { features: [{}] });
    new KubernetesProvider(scope, 'kubernetes');
    new HelmProvider(scope, 'helm');
    const chart = new ServiceCharts('releases').get('azuredisk-csi-driver');
    new AzureVolumesService(scope, 'volumes', { servers: 3, chart, identity, home: inAzure });
  });
  expect(only(resource, 'kubernetes_storage_class_v1')).toMatchObject({
    allowed_topologies: {
      match_label_expressions: [{ key: 'topology.disk.csi.azure.com/zone', values: ['westeurope-1', 'westeurope-2'] }],
    },
  });
  expect(azureVolumesValues({ servers: 3, home: inAzure })).toEqual({
    controller: { replicas: 2 },
    linux: { nodeSelector: { 'drover/site': 'weu' } },
  });
});

test('the autoscaler of a mixed cluster runs at home', () => {
  expect(autoscalerValues({ ...onAws, kubernetesVersion: 'v1.35.7+rke2r1', siteName: 'eu' })).toMatchObject(there);
  const ids = { clientId: 'c', tenantId: 't', subscriptionId: 's', resourceGroupName: 'g', clusterId: 'dev-shop' };
  expect(azureAutoscalerValues({ ...ids, siteName: 'eu' })).toMatchObject(there);
});

test('in one site they run wherever there is room', () => {
  expect(JSON.stringify([volumesValues(onAws), azureVolumesValues({ servers: 3 })])).not.toContain('drover/site');
  expect(autoscalerValues({ ...onAws, kubernetesVersion: 'v1.35.7+rke2r1' })).not.toHaveProperty('nodeSelector');
});
