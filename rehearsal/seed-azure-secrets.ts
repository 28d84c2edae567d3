import { createHash, randomBytes } from 'node:crypto';
import { fieldOf, GROUP, inGroup, isLiteral, precondition, subscriptionOf, valuesOf } from './azure-precondition';
import type { NamedPrecondition } from './azure-precondition';
import type { StackFile, SynthesizedStack } from './synthesized';

type Stack = Pick<SynthesizedStack, 'name' | 'content'>;

/** A vault of the environment. */
interface VaultPlace {
  readonly name: string;
  readonly group: string;
  readonly subscription: string;
}

/** A secret that a stack expects in a vault. */
interface WantedSecret {
  readonly vault: VaultPlace;
  readonly name: string;
}

const SECRET = 'azurerm_key_vault_secret';
/** A right on one secret of a vault that another stack made. */
const GRANTED =
  /^\$\{data\.terraform_remote_state\.cross-stack-reference-input-([\w-]+)\.outputs\.([\w-]+)\}\/secrets\/([\w-]+)$/;

/** Secrets that stacks open, or let machines read, and that none of them makes: people put them there. */
export function azureSecrets(stacks: readonly Stack[]): NamedPrecondition[] {
  const made = new Set(stacks.flatMap(({ content }) => valuesOf(content, SECRET, 'name')));
  const wanted = stacks.flatMap(({ content }) => [...openedIn(content), ...grantedIn(content, stacks)]);
  return wanted.filter(({ name }) => !made.has(name)).map(secret);
}

/** Secrets in a vault that the stack looks up by its name. */
function openedIn(content: StackFile): WantedSecret[] {
  return Object.values(content.ephemeral?.[SECRET] ?? {}).flatMap(({ name, key_vault_id: where }) => {
    const vault = vaultBehind(content, String(where));
    return vault === undefined || !isLiteral(name) ? [] : [{ vault, name }];
  });
}

/** Secrets that machines of the stack may read by their own identity. */
function grantedIn(content: StackFile, stacks: readonly Stack[]): WantedSecret[] {
  return Object.values(content.resource?.['azurerm_role_assignment'] ?? {}).flatMap(({ scope }) => {
    const [, stack, output = '', name] = GRANTED.exec(String(scope)) ?? [];
    const maker = stacks.find((it) => it.name === stack)?.content;
    const vault = maker && vaultOfOutput(maker, output);
    return vault === undefined || name === undefined ? [] : [{ vault, name }];
  });
}

/** The vault that an expression names by way of a data source, here or behind a local. */
function vaultBehind(content: StackFile, expression: string): VaultPlace | undefined {
  const local = /\blocal\.([\w-]+)/.exec(expression)?.[1];
  const text = local === undefined ? expression : String(fieldOf(content['locals'], local));
  const source = /\bdata\.azurerm_key_vault\.([\w-]+)\.id/.exec(text)?.[1];
  return source === undefined ? undefined : placeOf(content, content.data?.['azurerm_key_vault']?.[source]);
}

/** The vault whose id a stack hands on. */
function vaultOfOutput(content: StackFile, output: string): VaultPlace | undefined {
  const value = String(fieldOf(fieldOf(content['output'], output), 'value'));
  const made = /^\$\{azurerm_key_vault\.([\w-]+)\.id\}$/.exec(value)?.[1];
  return made === undefined ? undefined : placeOf(content, content.resource?.['azurerm_key_vault']?.[made]);
}

/** A vault's group may be one that the same stack makes. */
function placeOf(content: StackFile, vault: Readonly<Record<string, unknown>> | undefined): VaultPlace | undefined {
  const [name, named] = [vault?.['name'], vault?.[GROUP]];
  const made = /^\$\{azurerm_resource_group\.([\w-]+)\.name\}$/.exec(String(named))?.[1];
  const group = made === undefined ? named : content.resource?.['azurerm_resource_group']?.[made]?.['name'];
  return isLiteral(name) && isLiteral(group) ? { name, group, subscription: subscriptionOf(content) } : undefined;
}

function secret({ vault, name }: WantedSecret): NamedPrecondition {
  const { subscription } = vault;
  const vaultId = inGroup(subscription, vault.group, `Microsoft.KeyVault/vaults/${vault.name}`);
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
  const it = precondition({ what: 'secret', type: SECRET, id: `${address}/${version}`, subscription, attrs });
  return { title: it.title, object: { ...it.object, secrets: { value_wo: randomBytes(24).toString('base64url') } } };
}
