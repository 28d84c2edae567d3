import {
  GROUP,
  inGroup,
  isLiteral,
  precondition,
  subscriptionIn,
  subscriptionOf,
  valuesOf,
} from './azure-precondition';
import type { NamedPrecondition } from './azure-precondition';
import { azureSecrets } from './seed-azure-secrets';
import type { StackFile, SynthesizedStack } from './synthesized';

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
export function azurePreconditions(stacks: readonly Pick<SynthesizedStack, 'name' | 'content'>[]): NamedPrecondition[] {
  const contents = stacks.map((it) => it.content);
  const wanted = [...contents.flatMap(states), ...contents.flatMap(zones), ...azureSecrets(stacks)];
  const made = new Set(contents.flatMap((it) => valuesOf(it, 'azurerm_resource_group', 'name')));
  const used = contents.flatMap((it) =>
    Object.keys(it.resource ?? {})
      .flatMap((type) => valuesOf(it, type, GROUP))
      .map((name) => ({ name, subscription: subscriptionOf(it) })),
  );
  const groups = [
    ...used,
    ...wanted.map(({ object }) => ({ name: String(object.attrs[GROUP] ?? ''), subscription: object.scope })),
  ].filter(({ name }) => isLiteral(name) && name !== '' && !made.has(name));
  const all = [...groups.map(resourceGroup), ...wanted];
  return [...new Map(all.map((it) => [it.object.id, it])).values()];
}

function states({ terraform }: StackFile): NamedPrecondition[] {
  const backend = terraform.backend?.['azurerm'];
  if (backend === undefined) return [];
  const subscription = subscriptionIn(backend);
  const [group, account, container] = [GROUP, 'storage_account_name', 'container_name'].map((it) =>
    String(backend[it]),
  ) as [string, string, string];
  const accountId = inGroup(subscription, group, `Microsoft.Storage/storageAccounts/${account}`);
  return [
    precondition({
      what: 'storage account',
      type: 'azurerm_storage_account',
      id: accountId,
      subscription,
      attrs: { name: account, [GROUP]: group },
    }),
    precondition({
      what: 'container',
      type: 'azurerm_storage_container',
      id: `${accountId}/blobServices/default/containers/${container}`,
      subscription,
      attrs: { name: container, storage_account_id: accountId },
    }),
  ];
}

function zones(content: StackFile): NamedPrecondition[] {
  const subscription = subscriptionOf(content);
  return Object.entries(IN_ZONES).flatMap(([type, { argument, zone, kind }]) => {
    const made = new Set(valuesOf(content, zone, 'name'));
    return Object.values(content.resource?.[type] ?? {}).flatMap((it) => {
      const [name, group] = [it[argument], it[GROUP]];
      if (!isLiteral(name) || !isLiteral(group) || made.has(name)) return [];
      const id = inGroup(subscription, group, `Microsoft.Network/${kind}/${name}`);
      return [precondition({ what: 'DNS zone', type: zone, id, subscription, attrs: { name, [GROUP]: group } })];
    });
  });
}

function resourceGroup({
  name,
  subscription,
}: {
  readonly name: string;
  readonly subscription: string;
}): NamedPrecondition {
  return precondition({
    what: 'resource group',
    type: 'azurerm_resource_group',
    id: `/subscriptions/${subscription}/resourceGroups/${name}`,
    subscription,
    attrs: { name },
  });
}
