import { ClusterGroup } from '../../../constructs/azure/cluster-group';
import { MachineRole } from '../../../constructs/azure/machine-role';
import { all, only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack, machine, networkIn, withShop } from './fixture';
import { machinesOf, managementOf } from './machines-fixture';

const ROLE = 'azurerm_role_assignment';
const member = machinesOf(withShop());
const management = managementOf(environmentWith());

/** What an identity may do, as `role on what`, sorted; references without what tells equal paths apart. */
function rightsOf({ resource }: Synthesized, role: string): string[] {
  return all(resource, ROLE, role)
    .map((it) => {
      const scope = String(it['scope']).replace(/^\$\{azurerm_(\w+)\.([\w-]+)_[0-9A-F]{8}\.(\w+)\}$/, '$1 $2 $3');
      return `${String(it['role_definition_name'])} on ${scope}`;
    })
    .sort();
}

test('servers of a member read its registration and its scripts, write issuer and copies, and handle machines', () => {
  expect(rightsOf(member, 'foundation_role')).toEqual([
    'Key Vault Secrets User on key_vault_secret secrets_registration-checksum resource_versionless_id',
    'Key Vault Secrets User on key_vault_secret secrets_registration-token resource_versionless_id',
    'Storage Blob Data Contributor on storage_container foundation_pod-identity_container id',
    'Storage Blob Data Contributor on storage_container foundation_snapshots_container id',
    'Storage Blob Data Reader on storage_container network_bundles_container id',
    'Virtual Machine Contributor on resource_group foundation_group id',
  ]);
});

test('workers read their registration and their scripts, and nothing else', () => {
  expect(rightsOf(member, 'machines_groups_workers_role')).toEqual([
    'Key Vault Secrets User on key_vault_secret secrets_registration-checksum resource_versionless_id',
    'Key Vault Secrets User on key_vault_secret secrets_registration-token resource_versionless_id',
    'Storage Blob Data Reader on storage_container network_bundles_container id',
  ]);
});

test('management servers fill two secrets, read one, and write marker, issuer and copies', () => {
  expect(rightsOf(management, 'management_role')).toEqual([
    'Key Vault Secrets Officer on key_vault_secret management_secrets_ca-hash resource_versionless_id',
    'Key Vault Secrets Officer on key_vault_secret management_secrets_deployer resource_versionless_id',
    'Key Vault Secrets User on key_vault_secret management_secrets_join resource_versionless_id',
    'Storage Blob Data Contributor on storage_container management_initialised_container id',
    'Storage Blob Data Contributor on storage_container management_pod-identity_container id',
    'Storage Blob Data Contributor on storage_container management_snapshots_container id',
    'Storage Blob Data Reader on storage_container network_bundles_container id',
  ]);
});

test('no machine of any kind gives roles, owns anything, or has a right beyond its cluster', () => {
  for (const { resource } of [member, management]) {
    for (const it of all(resource, ROLE).filter(({ principal_type: type }) => type === 'ServicePrincipal')) {
      expect(it['role_definition_name']).not.toMatch(/Owner|Administrator|^Contributor|Reader and Data Access/);
      expect(String(it['scope'])).not.toMatch(/subscription|azurerm_resource_group\.network|vault_[0-9A-F]{8}\.id\}$/);
    }
  }
});

test('each right is held by the identity of the machines that need it, which Azure is told not to look up', () => {
  for (const [role, identity] of [
    ['foundation_role_', 'foundation_role_identity'],
    ['machines_groups_workers_role_', 'machines_groups_workers_role_identity'],
  ] as const) {
    for (const it of all(member.resource, ROLE, role)) {
      expect(it).toMatchObject({
        principal_id: expect.stringMatching(
          `^\\$\\{azurerm_user_assigned_identity\\.${identity}_\\w+\\.principal_id\\}$`,
        ),
        principal_type: 'ServicePrincipal',
      });
    }
  }
});

test('a group of workers has an identity of its own, named after it', () => {
  const two = machinesOf(withShop({ nodeGroups: { a: { maxSize: 1, machine }, b: { maxSize: 1, machine } } }));
  expect(all(two.resource, 'azurerm_user_assigned_identity').map(({ name }) => name)).toEqual([
    'drover-staging-shop-servers',
    'drover-staging-shop-a',
    'drover-staging-shop-b',
  ]);
});

test('what is granted later counts among the rights that a machine waits for', () => {
  const rights: number[] = [];
  inStack((stack) => {
    const environment = environmentWith();
    const owner = { environment, network: networkIn(stack, environment), clusterName: 'shop' };
    const group = new ClusterGroup(stack, 'group', owner);
    const bundle = { url: 'https://example.org/a.tar', sha256: 'a', resource: '/containers/bundles' };
    const role = new MachineRole(stack, 'role', { ...owner, group, bundle, purpose: 'servers' });
    rights.push(role.rights.length);
    role.grant({ more: { role: 'Storage Blob Data Reader', scope: '/containers/more' } });
    rights.push(role.rights.length);
  });
  expect(rights).toEqual([1, 2]);
});

test('machines are named by their identity when they ask for tokens', () => {
  const { custom_data: userData } = only(member.resource, 'azurerm_linux_virtual_machine_scale_set');
  expect(String(userData)).toMatch(
    /KEY_VAULT_IDENTITY='.*azurerm_user_assigned_identity\.machines_groups_workers_role_identity_\w+\.client_id/,
  );
});
