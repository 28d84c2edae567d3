import { createHash, randomBytes } from 'node:crypto';
import type { StackFile } from './synthesized';
import type { Precondition } from './world';

/** The simulated cloud's subscription: `subscription` in rehearsal/provider/rules-azurerm.json. */
const SUBSCRIPTION = '00000000-1111-4222-a333-777777777777';

/** An object that must exist before, and what a person calls it. */
export interface NamedPrecondition {
  readonly title: string;
  readonly object: Precondition;
}

type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What points into a DNS zone: which argument names the zone, and of which type the zone is. */
const IN_ZONES = {
  azurerm_dns_a_record: { argument: 'zone_name', zone: 'azurerm_dns_zone', kind: 'dnsZones' },
  azurerm_private_dns_a_record: { argument: 'zone_name', zone: 'azurerm_private_dns_zone', kind: 'privateDnsZones' },
  azurerm_private_dns_zone_virtual_network_link: {
    argument: 'private_dns_zone_name',
    zone: 'azurerm_private_dns_zone',
    kind: 'privateDnsZones',
  },
} as const;

/**
 * What an environment on Azure must have before its first deploy: the account and container of the states, DNS zones
 * that the stacks name and none of them makes, secrets that applications open, and the resource groups of all these.
 * @param stacks as they were synthesized, with the backends that the program gave them
 */
export function azurePreconditions(stacks: readonly { readonly content: StackFile }[]): NamedPrecondition[] {
  const contents = stacks.map((it) => it.content);
  const wanted = [...contents.flatMap(states), ...contents.flatMap(zones), ...secrets(contents)];
  const made = new Set(contents.flatMap((it) => valuesOf(it, 'azurerm_resource_group', 'name')));
  const used = contents.flatMap((it) => Object.keys(it.resource ?? {}).flatMap((type) => valuesOf(it, type, GROUP)));
  const groups = [...used, ...wanted.map((it) => String(it.object.attrs[GROUP] ?? ''))].filter(
    (it) => isLiteral(it) && it !== '' && !made.has(it),
  );
  const all = [...groups.map(resourceGroup), ...wanted];
  return [...new Map(all.map((it) => [it.object.id, it])).values()];
}

const GROUP = 'resource_group_name';
const isLiteral = (value: unknown): value is string => typeof value === 'string' && !value.includes('${');

/** The values that the resources of a type have for an argument, where they are written out. */
function valuesOf(content: StackFile, type: string, argument: string): string[] {
  return Object.values(content.resource?.[type] ?? {})
    .map((it) => it[argument])
    .filter(isLiteral);
}

function states({ terraform }: StackFile): NamedPrecondition[] {
  const backend = terraform.backend?.['azurerm'];
  if (backend === undefined) return [];
  const [group, account, container] = [GROUP, 'storage_account_name', 'container_name'].map((it) =>
    String(backend[it]),
  ) as [string, string, string];
  const accountId = inGroup(group, `Microsoft.Storage/storageAccounts/${account}`);
  return [
    precondition('storage account', 'azurerm_storage_account', accountId, { name: account, [GROUP]: group }),
    precondition(
      'container',
      'azurerm_storage_container',
      `${accountId}/blobServices/default/containers/${container}`,
      { name: container, storage_account_id: accountId },
    ),
  ];
}

function zones(content: StackFile): NamedPrecondition[] {
  return Object.entries(IN_ZONES).flatMap(([type, { argument, zone, kind }]) => {
    const made = new Set(valuesOf(content, zone, 'name'));
    return Object.values(content.resource?.[type] ?? {}).flatMap((it) => {
      const [name, group] = [it[argument], it[GROUP]];
      if (!isLiteral(name) || !isLiteral(group) || made.has(name)) return [];
      const id = inGroup(group, `Microsoft.Network/${kind}/${name}`);
      return [precondition('DNS zone', zone, id, { name, [GROUP]: group })];
    });
  });
}

/** Secrets that stacks open in a vault which they look up by its name: none of them made the secret. */
function secrets(contents: readonly StackFile[]): NamedPrecondition[] {
  const made = new Set(contents.flatMap((it) => valuesOf(it, 'azurerm_key_vault_secret', 'name')));
  return contents.flatMap((content) =>
    Object.values(content.ephemeral?.['azurerm_key_vault_secret'] ?? {}).flatMap(({ name, key_vault_id: where }) => {
      const vault = vaultBehind(content, String(where));
      return vault === undefined || !isLiteral(name) || made.has(name) ? [] : [secret(vault, name)];
    }),
  );
}

interface VaultPlace {
  readonly name: string;
  readonly group: string;
}

/** The vault that an expression names by way of a data source, here or behind a local. */
function vaultBehind(content: StackFile, expression: string): VaultPlace | undefined {
  const local = /\blocal\.([\w-]+)/.exec(expression)?.[1];
  const text = local === undefined ? expression : String(localsOf(content)[local]);
  const source = /\bdata\.azurerm_key_vault\.([\w-]+)\.id/.exec(text)?.[1];
  const vault =
    source === undefined ? undefined : (content.data?.['azurerm_key_vault'] as Blocks | undefined)?.[source];
  const [name, group] = [vault?.['name'], vault?.[GROUP]];
  return isLiteral(name) && isLiteral(group) ? { name, group } : undefined;
}

function localsOf({ locals }: StackFile): Readonly<Record<string, unknown>> {
  return typeof locals === 'object' && locals !== null ? Object.fromEntries(Object.entries(locals)) : {};
}

function secret(vault: VaultPlace, name: string): NamedPrecondition {
  const vaultId = inGroup(vault.group, `Microsoft.KeyVault/vaults/${vault.name}`);
  const version = createHash('sha256').update(`${vaultId}|${name}`).digest('hex').slice(0, 32);
  const [address, resource] = [`https://${vault.name}.vault.azure.net/secrets/${name}`, `${vaultId}/secrets/${name}`];
  const attrs = {
    name,
    key_vault_id: vaultId,
    version,
    versionless_id: address,
    resource_id: `${resource}/versions/${version}`,
    resource_versionless_id: resource,
  };
  const { title, object } = precondition('secret', 'azurerm_key_vault_secret', `${address}/${version}`, attrs);
  return { title, object: { ...object, secrets: { value_wo: randomBytes(24).toString('base64url') } } };
}

function resourceGroup(name: string): NamedPrecondition {
  return precondition(
    'resource group',
    'azurerm_resource_group',
    `/subscriptions/${SUBSCRIPTION}/resourceGroups/${name}`,
    {
      name,
    },
  );
}

function precondition(
  what: string,
  type: string,
  id: string,
  attrs: Readonly<Record<string, unknown>> & { readonly name: string },
): NamedPrecondition {
  const object = { type, id, scope: SUBSCRIPTION, attrs: { id, ...attrs }, secrets: {} };
  return { title: `${what} '${attrs.name}'`, object };
}

const inGroup = (group: string, rest: string): string =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/${rest}`;
