import { ClusterGroup } from '../../../constructs/azure/cluster-group';
import type { Grants } from '../../../constructs/azure/machine-role';
import { PodIdentity } from '../../../constructs/azure/pod-identity';
import { ServiceAccountRole } from '../../../constructs/azure/service-account-role';
import { only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './fixture';

interface Identity extends Synthesized {
  readonly issuer: string;
  readonly store: string;
}

function identity(grants: Grants, clusterName = 'shop'): Identity {
  const found: PodIdentity[] = [];
  const result = inStack((stack) => {
    const { clusters, ...rest } = environmentWith();
    const [member] = Object.values(clusters);
    if (member === undefined) throw new Error('the environment has no member');
    const environment = { ...rest, clusters: { [clusterName]: member } };
    const group = new ClusterGroup(stack, 'group', {
      environment,
      network: networkIn(stack, environment),
      clusterName,
    });
    const podIdentity = new PodIdentity(stack, 'identity', { environment, clusterName, group });
    found.push(podIdentity);
    new ServiceAccountRole(stack, 'autoscaler', {
      environment,
      clusterName,
      group: group.place,
      podIdentity,
      namespace: 'kube-system',
      serviceAccount: 'cluster-autoscaler',
      grants,
    });
  });
  const [{ issuer, store } = { issuer: '', store: '' }] = found;
  return { ...result, issuer, store };
}

const shop = identity({ machines: { role: 'Virtual Machine Contributor', scope: '/groups/shop' } });
const { resource } = shop;

test('the issuer is known at synth and stays, because a cluster can never change it', () => {
  expect(shop.issuer).toBe('https://drovershopidentity75cc6c.blob.core.windows.net/identity');
  expect(shop.issuer).toBe(`${shop.store}/identity`);
  expect(identity({}, 'shop-eu').issuer).not.toBe(shop.issuer);
});

test('the world may read single documents, and can neither list nor write them', () => {
  expect(only(resource, 'azurerm_storage_container', 'identity_')).toMatchObject({
    name: 'identity',
    container_access_type: 'blob',
  });
  expect(only(resource, 'azurerm_storage_account', 'identity_')).toMatchObject({
    allow_nested_items_to_be_public: true,
    shared_access_key_enabled: false,
    network_rules: { default_action: 'Allow' },
  });
});

test('documents that were overwritten can be brought back', () => {
  expect(only(resource, 'azurerm_storage_account', 'identity_')).toMatchObject({
    blob_properties: { versioning_enabled: true, delete_retention_policy: { days: 30 } },
  });
});

test('an identity is taken by one service account of one cluster, with tokens that are meant for Entra', () => {
  expect(only(resource, 'azurerm_federated_identity_credential')).toMatchObject({
    name: 'kube-system--cluster-autoscaler',
    parent_id: expect.stringMatching(/^\$\{azurerm_user_assigned_identity\.autoscaler_identity_\w+\.id\}$/),
    issuer: shop.issuer,
    subject: 'system:serviceaccount:kube-system:cluster-autoscaler',
    audience: ['api://AzureADTokenExchange'],
  });
  expect(only(resource, 'azurerm_user_assigned_identity')['name']).toBe(
    'drover--staging--shop--kube-system--cluster-autoscaler',
  );
});

test('it may do what it was granted, and an identity without grants may do nothing', () => {
  expect(only(resource, 'azurerm_role_assignment', 'autoscaler')).toMatchObject({
    role_definition_name: 'Virtual Machine Contributor',
    scope: '/groups/shop',
    principal_id: expect.stringMatching(
      /^\$\{azurerm_user_assigned_identity\.autoscaler_identity_\w+\.principal_id\}$/,
    ),
    principal_type: 'ServicePrincipal',
  });
  const names = Object.keys(identity({}).resource['azurerm_role_assignment'] ?? {});
  expect(names.filter((name) => name.startsWith('autoscaler'))).toEqual([]);
});
