import fs from 'node:fs';
import path from 'node:path';

/** Where a secret value was found. */
export interface Find {
  readonly place: string;
  readonly address: string;
}

/** Where a provider leaves no other way than to keep a secret in the state: the table of docs/security.md. */
const EXCEPTIONS = [
  /^random_password\.admin-password\.(result|bcrypt_hash)$/,
  /^rancher2_bootstrap\.first-login_[0-9A-F]{8}\.(initial_password|password|current_password|token|token_id)$/,
  /^rancher2_cluster_v2\.member_cluster_[0-9A-F]{8}\.(cluster_registration_token|kube_config)$/,
  /^rancher2_cluster\.member_cluster_[0-9A-F]{8}\.(cluster_registration_token|kube_config)$/,
  /^rancher2_cluster_sync\.active\.kube_config$/,
];

/** Finds that docs/security.md does not list. */
export const unexpected = (finds: readonly Find[]): Find[] =>
  finds.filter(({ address }) => !EXCEPTIONS.some((exception) => exception.test(address)));

/** Secrets in every state of a folder. */
export function huntStates(folder: string, secrets: ReadonlySet<string>): Find[] {
  const states = fs.readdirSync(folder).filter((file) => file.includes('.tfstate'));
  return states.flatMap((file) => {
    const text = fs.readFileSync(path.join(folder, file), 'utf8');
    const { resources, outputs } = JSON.parse(text) as Record<string, unknown>;
    return [
      ...huntJson(file, resources, secrets),
      ...huntJson(file, { address: 'output', type: 'output', outputs }, secrets),
    ];
  });
}

/** Shorter values are words that anything may contain. */
const SHORTEST = 12;

/** Every secret value that the simulated cloud holds: what was written through write-only arguments or by machines. */
export function secretsOf(world: string): Set<string> {
  const found = new Set<string>();
  for (const type of fs.readdirSync(world)) {
    const folder = path.join(world, type);
    if (!fs.statSync(folder).isDirectory() || type.startsWith('.')) continue;
    for (const file of fs.readdirSync(folder)) {
      const text = fs.readFileSync(path.join(folder, file), 'utf8');
      if (!file.endsWith('.json') || text === '') continue;
      collect((JSON.parse(text) as { secrets?: unknown }).secrets, found);
    }
  }
  return found;
}

/** A secret may be JSON with several of them inside; certificates are public. */
function collect(value: unknown, found: Set<string>): void {
  if (typeof value === 'object' && value !== null) {
    // Of a named value, such as one of Helm's, only the value is secret.
    for (const [key, it] of Object.entries(value)) if (key !== 'name') collect(it, found);
  } else if (typeof value === 'string' && value.startsWith('{')) {
    collect(JSON.parse(value), found);
  } else if (typeof value === 'string' && value.length >= SHORTEST && !/BEGIN CERTIFICATE|^https:/.test(value)) {
    found.add(value);
  }
}

/** Secrets in a text, plain, in base64 or inside base64 that the text holds. */
export function holdsSecret(text: string, secrets: ReadonlySet<string>): boolean {
  const decoded = (text.match(/[A-Za-z0-9+/]{40,}={0,2}/g) ?? []).map((it) => Buffer.from(it, 'base64').toString());
  return [text, ...decoded].some((it) => [...secrets].some((secret) => it.includes(secret)));
}

/** Every string of a state or plan that holds a secret, by the address of its resource and the name of its attribute. */
export function huntJson(place: string, json: unknown, secrets: ReadonlySet<string>): Find[] {
  const finds: Find[] = [];
  const visit = (value: unknown, address: string, attribute: string): void => {
    if (typeof value === 'string') {
      if (holdsSecret(value, secrets)) finds.push({ place, address: `${address}.${attribute}` });
    } else if (typeof value === 'object' && value !== null) {
      const here = addressOf(value);
      for (const [key, it] of Object.entries(value)) {
        const isAttribute = here === undefined && address !== '' && attribute === '' && !CONTAINERS.has(key);
        visit(it, here ?? address, isAttribute ? key : here === undefined ? attribute : '');
      }
    }
  };
  visit(json, '', '');
  return finds;
}

/** What stands between a resource and its attributes in Terraform's files. */
const CONTAINERS = new Set(['instances', 'attributes', 'values', 'change', 'before', 'after', ...'0123456789']);

function addressOf(value: object): string | undefined {
  if ('address' in value && typeof value.address === 'string' && 'type' in value) return value.address;
  if ('type' in value && 'name' in value && 'instances' in value) return `${String(value.type)}.${String(value.name)}`;
  return undefined;
}
