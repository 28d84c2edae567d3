import { randomBytes } from 'node:crypto';
import type { NamedPrecondition } from './azure-precondition';
import type { StackFile } from './synthesized';

type Block = Readonly<Record<string, unknown>>;

const KV = 'vault_kv_secret_v2';
/** How a stack takes a secret's name from its whole path in Vault. */
const FROM_LOCAL = /^\$\{trimprefix\(local\.([\w-]+), "([^"]+)"\)\}$/;

/** A path that a policy lets a host read, and do nothing else with. */
const READ = /path "([^"]+)" \{\s*capabilities = \["read"\]/g;

/**
 * The secrets in HashiCorp Vault that stacks open, or let hosts read, by their literal names and that none of them makes:
 * people put them there.
 * @param stacks as they were synthesized
 */
export function vaultPreconditions(stacks: readonly { readonly content: StackFile }[]): NamedPrecondition[] {
  const contents = stacks.map((it) => it.content);
  const made = new Set(
    contents.flatMap((it) => Object.values(it.resource?.[KV] ?? {}).flatMap((block) => pathOf(it, block) ?? [])),
  );
  const opened = contents.flatMap((content) =>
    Object.entries(content.ephemeral?.[KV] ?? {}).flatMap(([id, block]) => {
      const path = pathOf(content, block);
      return path === undefined || made.has(path)
        ? []
        : [{ path, address: addressOf(content), keys: keysOf(content, id) }];
    }),
  );
  const granted = contents.flatMap(grantedIn).filter((it) => !made.has(it.path));
  const byPath = new Map<string, OpenedSecret>();
  for (const it of [...opened, ...granted]) {
    byPath.set(it.path, { ...it, keys: [...(byPath.get(it.path)?.keys ?? []), ...it.keys] });
  }
  return [...byPath.values()].map(secret);
}

interface OpenedSecret {
  /** `mount/data/name`. */
  readonly path: string;
  readonly address: string;
  readonly keys: readonly string[];
}

/** Secrets that hosts of the stack may read by their own identity, with the keys that their settings name. */
function grantedIn(content: StackFile): OpenedSecret[] {
  const policies = Object.values(content.resource?.['vault_policy'] ?? {}).map((it) => String(it['policy']));
  const paths = policies.flatMap((it) => [...it.matchAll(READ)].flatMap(([, path = '']) => path));
  return [...new Set(paths)]
    .filter((path) => !path.includes('${'))
    .map((path) => ({ path, address: addressOf(content), keys: keysTold(content, path.replace('/data/', '/')) }));
}

/** The keys of a secret that settings of hosts name, as `mount/name#key`. */
function keysTold(content: StackFile, name: string): string[] {
  const references = JSON.stringify(content.resource?.['terraform_data'] ?? {}).matchAll(/'([\w./-]+)#([\w.-]+)'/g);
  return [...references].flatMap(([, told, key]) => (told === name && key !== undefined ? [key] : []));
}

function pathOf(content: StackFile, { mount, name }: Block): string | undefined {
  const literal = literalOf(content, name);
  return literal === undefined || typeof mount !== 'string' ? undefined : `${mount}/data/${literal}`;
}

/** A name that is written out, here or behind a local. */
function literalOf(content: StackFile, name: unknown): string | undefined {
  if (typeof name !== 'string') return undefined;
  const [, local = '', prefix = ''] = FROM_LOCAL.exec(name) ?? [];
  const whole = localsOf(content)[local];
  const text = typeof whole === 'string' && whole.startsWith(prefix) ? whole.slice(prefix.length) : name;
  return text.includes('${') ? undefined : text;
}

function localsOf({ locals }: StackFile): Block {
  return typeof locals === 'object' && locals !== null ? Object.fromEntries(Object.entries(locals)) : {};
}

function addressOf({ provider }: StackFile): string {
  const vault = typeof provider === 'object' && provider !== null && 'vault' in provider ? provider.vault : undefined;
  const [first]: unknown[] = Array.isArray(vault) ? vault : [vault];
  return typeof first === 'object' && first !== null && 'address' in first ? String(first.address) : '';
}

/** The keys that the stack reads of it. */
function keysOf(content: StackFile, id: string): string[] {
  const text = JSON.stringify(content);
  const reads = text.matchAll(/ephemeral\.vault_kv_secret_v2\.([\w-]+)\.data\[\\"([^"\\]+)\\"\]/g);
  return [...reads].flatMap(([, name, key]) => (name === id && key !== undefined ? [key] : []));
}

function secret({ path, address, keys }: OpenedSecret): NamedPrecondition {
  const [mount = '', name = ''] = path.split(/\/data\/(.*)/s);
  const data = Object.fromEntries([...new Set(keys)].map((key) => [key, randomBytes(24).toString('base64url')]));
  return {
    title: `secret '${mount}/${name}'`,
    object: {
      type: KV,
      id: path,
      scope: address,
      attrs: { id: path, path, mount, name, metadata: { version: '1' } },
      secrets: { data_json_wo: JSON.stringify(data) },
    },
  };
}
