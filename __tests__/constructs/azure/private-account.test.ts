import { PrivateAccount, type PrivateAccountProps } from '../../../constructs/azure/private-account';
import type { Environment } from '../../../model/environment';
import { only } from '../../support/synth';
import { environmentWith, inStack } from './fixture';

const SUBNET = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n/subnets/workers';

const allowing = (allowedCidrs: readonly string[]): Environment =>
  environmentWith({ secrets: { kind: 'keyvault', allowedCidrs } });

const account = (props: Partial<PrivateAccountProps> = {}): Record<string, unknown> => {
  const { resource } = inStack(
    (stack) =>
      new PrivateAccount(stack, 'it', {
        environment: allowing(['203.0.113.7/32', '198.51.100.0/24']),
        siteName: 'weu',
        resourceGroupName: 'things',
        location: 'westeurope',
        nameParts: ['az-west', 'bundles'],
        noncurrentDays: 30,
        subnetIds: [SUBNET],
        ...props,
      }),
  );
  return only(resource, 'azurerm_storage_account');
};

test('an account is reached by TLS and identities alone', () => {
  expect(account()).toMatchObject({
    min_tls_version: 'TLS1_2',
    https_traffic_only_enabled: true,
    shared_access_key_enabled: false,
    default_to_oauth_authentication: true,
    local_user_enabled: false,
    cross_tenant_replication_enabled: false,
    allow_nested_items_to_be_public: false,
  });
});

test('it outlives the loss of a zone, and what was overwritten or deleted can be brought back', () => {
  expect(account()).toMatchObject({
    account_replication_type: 'ZRS',
    blob_properties: {
      versioning_enabled: true,
      delete_retention_policy: { days: 30 },
      container_delete_retention_policy: { days: 30 },
    },
  });
});

test('its firewall lets in the subnets that it is for and whoever deploys', () => {
  expect(account()['network_rules']).toEqual({
    default_action: 'Deny',
    bypass: ['AzureServices'],
    ip_rules: ['203.0.113.7', '198.51.100.0/24'],
    virtual_network_subnet_ids: [SUBNET],
  });
});

test('networks of two addresses, which Azure refuses here, are named one by one', () => {
  const { ip_rules: rules } = account({ environment: allowing(['203.0.113.6/31', '203.0.113.8/30']) })[
    'network_rules'
  ] as { ip_rules: string[] };
  expect(rules).toEqual(['203.0.113.6', '203.0.113.7', '203.0.113.8/30']);
});

test('one that is open to the world has no firewall, and still no key', () => {
  expect(account({ isPublic: true })).toMatchObject({
    allow_nested_items_to_be_public: true,
    shared_access_key_enabled: false,
    network_rules: { default_action: 'Allow', ip_rules: [], virtual_network_subnet_ids: [] },
  });
});

test('its name is one that Azure takes, and the only one of an installation', () => {
  const named = (props: Partial<PrivateAccountProps>): string => String(account(props)['name']);
  const names = [
    named({}),
    named({ nameParts: ['azwest', 'bundles'] }),
    named({ nameParts: ['a-very-long-name-of-a-site', 'bundles'] }),
    named({ environment: { ...allowing([]), domain: 'example.org' } }),
    named({ environment: { ...allowing([]), name: 'production' } }),
  ];
  for (const name of names) expect(name).toMatch(/^drover[a-z0-9]{1,18}$/);
  expect(new Set(names).size).toBe(names.length);
});
