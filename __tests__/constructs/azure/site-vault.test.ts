import { vaultName } from '../../../constructs/azure/site-vault';
import type { Environment } from '../../../model/environment';
import { azureSiteOf } from '../../../model/lookup';
import { all, only } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './fixture';

const keyvault = (changes: object = {}): Environment =>
  environmentWith({ secrets: { kind: 'keyvault', nameSuffix: '1', allowedCidrs: ['203.0.113.7/32'], ...changes } });

const vaultOf = (environment: Environment): Record<string, unknown> =>
  only(inStack((stack) => networkIn(stack, environment)).resource, 'azurerm_key_vault');
const vault = vaultOf(keyvault());

test('the vault knows roles alone and no list of its own', () => {
  expect(vault).toMatchObject({ rbac_authorization_enabled: true, sku_name: 'standard' });
  expect(vault).not.toHaveProperty('access_policy');
});

test('machines of Azure itself take nothing from it: neither templates, nor disks, nor deployments', () => {
  expect(Object.keys(vault).filter((key) => key.startsWith('enabled_for_'))).toEqual([]);
});

test('what is deleted can be brought back for the longest time, and nobody shortens it', () => {
  expect(vault).toMatchObject({ purge_protection_enabled: true, soft_delete_retention_days: 90 });
});

test('its firewall lets in whoever the environment names, and the subnets of machines', () => {
  expect(vault['network_acls']).toEqual({
    default_action: 'Deny',
    bypass: 'AzureServices',
    ip_rules: ['203.0.113.7/32'],
    virtual_network_subnet_ids: ['workers', 'servers-1', 'servers-2', 'servers-3'].map((subnet) =>
      expect.stringContaining(`subnets_${subnet}_`),
    ),
  });
});

test('an environment that names nobody lets no network in', () => {
  expect(vaultOf(keyvault({ allowedCidrs: [] }))['network_acls']).toMatchObject({ ip_rules: [] });
});

test('whoever deploys has one role on the vault, and it is not taken away by somebody else', () => {
  const { resource } = inStack((stack) => networkIn(stack, keyvault()));
  const [role] = all(resource, 'azurerm_role_assignment', 'network_vault');
  expect(role).toMatchObject({
    role_definition_name: 'Key Vault Secrets Officer',
    scope: expect.stringMatching(/^\$\{azurerm_key_vault\.network_vault_\w+\.id\}$/),
    principal_id: expect.stringContaining('azurerm_client_config'),
    lifecycle: { ignore_changes: ['principal_id'] },
  });
});

describe('its name', () => {
  /** The environment with its site under another name. */
  const at = (siteName: string, environment: Environment): Environment => ({
    ...environment,
    sites: { [siteName]: azureSiteOf(environment, 'weu') },
  });
  const named = (name: string, siteName: string, changes: object = {}): string =>
    vaultName({ ...at(siteName, keyvault(changes)), name }, siteName);

  test('is what an installation has had from the beginning', () => {
    expect(named('staging', 'weu')).toBe('drover-staging-we-51f7f6');
    expect(named('dev', 'weu')).toBe('drover-dev-weu-86cf23-1');
  });

  test.each([
    ['staging', 'weu'],
    ['staging', 'az-west'],
    ['pre-production', 'az-west'],
    ['a-b', 'c'],
    ['a', 'b'],
  ])('of environment %s and site %s is one that Azure takes', (name, site) => {
    for (const nameSuffix of ['1', undefined]) {
      // https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#vault-name-and-object-name
      expect(named(name, site, { nameSuffix })).toMatch(/^(?!.*--)[a-z][a-z0-9-]{1,22}[a-z0-9]$/);
    }
  });

  test('tells sites, environments, installations and generations apart', () => {
    const names = [
      named('a-b', 'c'),
      named('a', 'b-c'),
      named('a-b', 'd'),
      named('a-b', 'c', { nameSuffix: '2' }),
      vaultName({ ...at('c', keyvault()), name: 'a-b', domain: 'example.org' }, 'c'),
    ];
    expect(new Set(names).size).toBe(names.length);
  });
});
