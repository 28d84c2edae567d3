import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { localizeConnections, type EntryAddress } from './connections';
import { backendUnknown } from './errors';
import { noteDependencies, readStacks, type StackFile, type SynthesizedStack } from './synthesized';

type Settings = Readonly<Record<string, unknown>>;

/**
 * Gives every synthesized stack a local state, and lets it read the others' local states.
 * @param entry where the simulated machines are. @default - no stack provisions any
 */
export function localizeStacks(out: string, stateDir: string, entry?: EntryAddress): void {
  const stacks = readStacks(out);
  noteDependencies(stacks);
  for (const stack of stacks) rewrite({ ...stack, content: localize(stack.name, stack.content, stateDir) }, entry);
}

/** Leads stacks that are localized already to the simulated machines of this run. */
export function leadToEntry(stacks: readonly SynthesizedStack[], entry: EntryAddress): void {
  for (const stack of stacks) rewrite(stack, entry);
}

function rewrite({ name, dir, content }: SynthesizedStack, entry: EntryAddress | undefined): void {
  const local = entry === undefined ? content : localizeConnections(name, content, entry);
  writeFileSync(path.join(dir, 'cdk.tf.json'), JSON.stringify(local));
}

/** The same stack with local states in place of remote ones. */
export function localize(stack: string, content: StackFile, stateDir: string): StackFile {
  const [kind = 'none', settings = {}] = Object.entries(content.terraform.backend ?? {})[0] ?? [];
  const backend = { local: { path: stateFile(stack, kind, settings, stateDir) } };
  const terraform = { ...content.terraform, backend };
  const remoteStates = content.data?.['terraform_remote_state'];
  if (remoteStates === undefined) return { ...content, terraform };
  const terraform_remote_state = mapValues(remoteStates, (it) => toLocal(stack, it, stateDir));
  return { ...content, terraform, data: { ...content.data, terraform_remote_state } };
}

function toLocal(stack: string, remote: Settings, stateDir: string): Record<string, unknown> {
  const config = isSettings(remote['config']) ? remote['config'] : {};
  const file = stateFile(stack, String(remote['backend']), config, stateDir);
  return { ...remote, backend: 'local', config: { path: file } };
}

/** One file for one remote state. */
function stateFile(stack: string, kind: string, settings: Settings, stateDir: string): string {
  switch (kind) {
    case 's3':
      return keyedFile(settings, ['bucket', 'region', 'key'], stateDir);
    case 'azurerm':
      return keyedFile(settings, ['storage_account_name', 'container_name', 'key'], stateDir);
    case 'local':
      return path.join(stateDir, path.basename(String(settings['path'])));
    default:
      throw backendUnknown(stack, kind);
  }
}

/** Its key's name for the reader, a hash of the whole place for uniqueness. */
function keyedFile(settings: Settings, place: readonly string[], stateDir: string): string {
  const where = JSON.stringify(place.map((it) => settings[it]));
  const hash = createHash('sha256').update(where).digest('hex').slice(0, 8);
  return path.join(stateDir, `${path.basename(String(settings['key']), '.tfstate')}~${hash}.tfstate`);
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
