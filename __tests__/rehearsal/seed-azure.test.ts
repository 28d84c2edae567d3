import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { seedPreconditions } from '../../rehearsal/seed';
import { azurePreconditions } from '../../rehearsal/seed-azure';
import type { StackFile } from '../../rehearsal/synthesized';
import { listWorld } from '../../rehearsal/world';
import { stackOf } from './support/stacks';

const SUBSCRIPTION = '/subscriptions/00000000-1111-4222-a333-777777777777';
const rules = 'rehearsal/provider/rules-azurerm.json';

const titles = (...contents: Partial<StackFile>[]): string[] =>
  azurePreconditions(contents.map((it) => stackOf('staging-x', it))).map((it) => it.title);

const record = (more: Record<string, unknown>) => ({
  azurerm_dns_a_record: { web: { name: 'web', zone_name: 'example.com', resource_group_name: 'dns', ...more } },
});

/** A stack that opens a secret in the vault `v` of group `g`, by way of a local as the program writes it. */
const opening = (name: string, handle: string): Partial<StackFile> => ({
  data: { azurerm_key_vault: { vault: { name: 'v', resource_group_name: 'g' } } },
  ephemeral: { azurerm_key_vault_secret: { key: { name, key_vault_id: '${split("/secrets/", local.key-vault)[0]}' } } },
  locals: { 'key-vault': handle },
});
const HANDLE = '${data.azurerm_key_vault.vault.id}/secrets/payment-key';

test('the subscription is the one of the simulated cloud', () => {
  expect(JSON.parse(readFileSync(rules, 'utf8'))).toMatchObject({ subscription: SUBSCRIPTION.split('/')[2] });
});

test('the account and container of the states exist before, in their group', () => {
  const azurerm = {
    resource_group_name: 'states',
    storage_account_name: 'acme',
    container_name: 'tf',
    key: 'a.tfstate',
  };
  const terraform = { backend: { azurerm } };
  expect(titles({ terraform }, { terraform })).toEqual([
    "resource group 'states'",
    "storage account 'acme'",
    "container 'tf'",
  ]);
});

test('a zone that records name and no stack makes exists before, in its group', () => {
  expect(titles({ resource: record({}) })).toEqual(["resource group 'dns'", "DNS zone 'example.com'"]);
  const made = { azurerm_dns_zone: { zone: { name: 'example.com', resource_group_name: 'dns' } } };
  expect(titles({ resource: { ...record({}), ...made } })).toEqual(["resource group 'dns'"]);
});

test('a group that a stack makes, or names by a reference, is no precondition', () => {
  const group = { azurerm_resource_group: { g: { name: 'dns' } } };
  expect(titles({ resource: record({}) }, { resource: group })).toEqual(["DNS zone 'example.com'"]);
  expect(titles({ resource: record({ resource_group_name: '${azurerm_resource_group.g.name}' }) })).toEqual([]);
});

test('a secret that is opened in a vault looked up by name, and that no stack makes, exists before', () => {
  expect(titles(opening('payment-key', HANDLE))).toEqual(["secret 'payment-key'"]);
  const made = { azurerm_key_vault_secret: { own: { name: 'payment-key' } } };
  expect(titles(opening('payment-key', HANDLE), { resource: made })).toEqual([]);
  expect(titles(opening('token', '${data.terraform_remote_state.up.outputs.versionless_id}'))).toEqual([]);
});

test('a secret that machines may read in a vault of another stack exists before', () => {
  const reference = 'cross-stack-output-azurerm_key_vaultvaultid';
  const network = stackOf('staging-weu-network', {
    resource: {
      azurerm_key_vault: { vault: { name: 'v', resource_group_name: '${azurerm_resource_group.group.name}' } },
      azurerm_resource_group: { group: { name: 'g' } },
    },
    output: { [reference]: { value: '${azurerm_key_vault.vault.id}' } },
    provider: { azurerm: [{ subscription_id: '5f0c1e52-7a34-4a0d-9d51-3c0b7e6f1a90' }] },
  });
  const input = 'data.terraform_remote_state.cross-stack-reference-input-staging-weu-network.outputs';
  const granting = (name: string) =>
    stackOf('staging-shop-cluster', {
      resource: { azurerm_role_assignment: { key: { scope: `\${${input}.${reference}}/secrets/${name}` } } },
    });
  expect(azurePreconditions([network, granting('zabbix-psk')])).toMatchObject([
    {
      title: "secret 'zabbix-psk'",
      object: {
        scope: '5f0c1e52-7a34-4a0d-9d51-3c0b7e6f1a90',
        attrs: {
          key_vault_id:
            '/subscriptions/5f0c1e52-7a34-4a0d-9d51-3c0b7e6f1a90/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v',
        },
      },
    },
  ]);
  const made = stackOf('staging-x', { resource: { azurerm_key_vault_secret: { own: { name: 'zabbix-psk' } } } });
  expect(azurePreconditions([network, granting('zabbix-psk'), made])).toEqual([]);
});

test('zones and their groups exist before in the subscription that their stack works in', () => {
  const provider = { azurerm: [{ subscription_id: '5f0c1e52-7a34-4a0d-9d51-3c0b7e6f1a90' }] };
  const [group, zone] = azurePreconditions([stackOf('staging-x', { resource: record({}), provider })]);
  expect(group?.object.id).toBe('/subscriptions/5f0c1e52-7a34-4a0d-9d51-3c0b7e6f1a90/resourceGroups/dns');
  expect(zone?.object).toMatchObject({
    scope: '5f0c1e52-7a34-4a0d-9d51-3c0b7e6f1a90',
    id: expect.stringMatching(/^\/subscriptions\/5f0c1e52-/) as unknown,
  });
});

test('a secret is put where the simulated vault looks for it, with a value of its own', () => {
  const world = mkdtempSync(path.join(tmpdir(), 'drover-world-'));
  expect(seedPreconditions(world, [stackOf('staging-x', opening('payment-key', HANDLE))])).toEqual([
    "secret 'payment-key'",
  ]);
  const [object] = listWorld(world);
  const vault = `${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v`;
  expect(JSON.parse(readFileSync(object?.file ?? '', 'utf8'))).toMatchObject({
    type: 'azurerm_key_vault_secret',
    id: expect.stringMatching(/^https:\/\/v\.vault\.azure\.net\/secrets\/payment-key\/[0-9a-f]{32}$/) as unknown,
    precondition: true,
    attrs: { name: 'payment-key', key_vault_id: vault, resource_versionless_id: `${vault}/secrets/payment-key` },
    secrets: { value_wo: expect.stringMatching(/^[\w-]{32}$/) as unknown },
  });
  rmSync(world, { recursive: true });
});

test('a secret is seen wherever its long address is cut for the name of its file', () => {
  const world = mkdtempSync(path.join(tmpdir(), 'drover-world-'));
  // The last 80 characters of this one's address begin with the dot before 'vault'.
  const stack = opening('storefront-payment-key', HANDLE);
  const data = { azurerm_key_vault: { vault: { name: 'drover-staging-we-51f7f6', resource_group_name: 'g' } } };
  seedPreconditions(world, [stackOf('staging-x', { ...stack, data })]);
  expect(listWorld(world).map((it) => path.basename(it.file))).toEqual([
    expect.stringMatching(/^_vault\.azure\.net_secrets_storefront-payment-key_[0-9a-f]{32}~[0-9a-f]{8}\.json$/),
  ]);
  rmSync(world, { recursive: true });
});
