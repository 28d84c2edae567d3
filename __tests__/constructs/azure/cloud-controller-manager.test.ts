import { parse, parseAllDocuments } from 'yaml';
import { cloudConfig } from '../../../constructs/azure/cloud-config';
import { cloudControllerManager } from '../../../constructs/azure/cloud-controller-manager';
import { environmentWith, inStack, networkIn, withShop } from './fixture';

const manifests = (options: { clusterName?: string; cloudConfig?: string } = {}): unknown[] =>
  parseAllDocuments(
    cloudControllerManager({ environment: withShop(), clusterName: 'shop', cloudConfig: '{"a":1}', ...options }),
  ).map((document): unknown => document.toJS());

/** What controllers are told, with words in place of references. */
function told(): Record<string, unknown> {
  const found: string[] = [];
  inStack((stack) => {
    found.push(
      cloudConfig({
        network: networkIn(stack, environmentWith()),
        group: { resourceGroupName: 'drover-staging-shop', location: 'westeurope' },
        clientId: 'client-of-servers',
        securityGroupName: 'staging-shop',
      }),
    );
  });
  return JSON.parse(found.join()) as Record<string, unknown>;
}

test('RKE2 installs the pinned chart before any node is ready', () => {
  expect(manifests()[1]).toMatchObject({
    kind: 'HelmChart',
    metadata: { name: 'cloud-provider-azure', namespace: 'kube-system' },
    spec: {
      chart: 'cloud-provider-azure',
      repo: expect.stringMatching(/^https:\/\//),
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      targetNamespace: 'kube-system',
      bootstrap: true,
    },
  });
});

test('it runs on servers that are not initialised, and knows its cluster by name', () => {
  const { spec } = manifests()[1] as { spec: { valuesContent: string } };
  expect(parse(spec.valuesContent)).toMatchObject({
    infra: { clusterName: 'staging-shop' },
    cloudControllerManager: {
      cloudConfigSecretName: 'azure-cloud-config',
      configureCloudRoutes: 'false',
      nodeSelector: { 'node-role.kubernetes.io/control-plane': 'true' },
      tolerations: expect.arrayContaining([{ key: 'node-role.kubernetes.io/etcd', effect: 'NoExecute' }]),
    },
  });
});

test('its configuration comes before it, in the secret that the disk driver reads as well', () => {
  expect(manifests()[0]).toMatchObject({
    kind: 'Secret',
    metadata: { name: 'azure-cloud-config', namespace: 'kube-system' },
    stringData: { 'cloud-config': '{"a":1}' },
  });
});

test('a long reference is not folded over two lines', () => {
  const long = JSON.stringify({ reference: `\${azurerm_user_assigned_identity.${'x'.repeat(200)} .client_id}` });
  expect(manifests({ cloudConfig: long })[0]).toMatchObject({ stringData: { 'cloud-config': long } });
  const text = cloudControllerManager({ environment: withShop(), clusterName: 'shop', cloudConfig: long });
  expect(text).toContain(`${'x'.repeat(200)} .client_id`);
});

test('controllers work by the identity of the servers, and are told no credential', () => {
  expect(told()).toMatchObject({
    useManagedIdentityExtension: true,
    userAssignedIdentityID: 'client-of-servers',
    useInstanceMetadata: true,
  });
  expect(Object.keys(told()).filter((key) => /aad|secret|password|key$/i.test(key))).toEqual([]);
});

test('they are told where machines, network and rules lie, and by which words Azure knows them', () => {
  expect(told()).toMatchObject({
    cloud: 'AzurePublicCloud',
    resourceGroup: 'drover-staging-shop',
    location: 'westeurope',
    subnetName: 'workers',
    securityGroupName: 'staging-shop',
    securityGroupResourceGroup: 'drover-staging-shop',
    vmType: 'vmss',
    loadBalancerSku: 'standard',
  });
});
