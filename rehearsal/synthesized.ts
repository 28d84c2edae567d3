import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { fileNotUnderstood } from './errors';

const record = z.record(z.string(), z.unknown());
const blocks = z.record(z.string(), z.record(z.string(), record));

const remoteState = z.looseObject({ backend: z.string(), config: record });

const stackFile = z.looseObject({
  terraform: z.looseObject({
    backend: z.record(z.string(), record).optional(),
    required_providers: record.optional(),
  }),
  // Absent and empty differ: Terraform refuses an empty one.
  resource: blocks.optional(),
  data: blocks.optional(),
  ephemeral: blocks.optional(),
});

const manifestFile = z.looseObject({
  version: z.string(),
  stacks: z.record(
    z.string(),
    z.looseObject({ name: z.string(), synthesizedStackPath: z.string(), dependencies: z.array(z.string()) }),
  ),
});

/** `cdk.tf.json` of a stack, as far as the rehearsal looks at it. */
export type StackFile = z.output<typeof stackFile>;
/** A `terraform_remote_state` of a stack. */
export type RemoteState = z.output<typeof remoteState>;
/** `manifest.json` of a synth. */
export type Manifest = z.output<typeof manifestFile>;

/** File beside a stack's `cdk.tf.json`. */
const DEPENDENCIES = 'dependencies.json';

/** A synthesized stack. */
export interface SynthesizedStack {
  readonly name: string;
  /** Folder of its `cdk.tf.json`. */
  readonly dir: string;
  /** Stacks whose values it uses. */
  readonly dependencies: readonly string[];
  readonly content: StackFile;
}

export function readManifest(out: string): Manifest {
  return parsed(path.join(out, 'manifest.json'), manifestFile);
}

/** The stacks of the program as it is now, each after those it depends on. */
export function readStacks(out: string): SynthesizedStack[] {
  const stacks = Object.values(readManifest(out).stacks).map((it): SynthesizedStack => {
    const file = path.join(out, it.synthesizedStackPath);
    return { name: it.name, dir: path.dirname(file), dependencies: it.dependencies, content: parsed(file, stackFile) };
  });
  return inDependencyOrder(stacks);
}

/** Every stack that has a folder: also one that the program no longer has and whose resources still exist. */
export function readStackFolders(out: string): SynthesizedStack[] {
  const folder = path.join(out, 'stacks');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const dirs = names.map((name) => ({ name, dir: path.join(folder, name) }));
  const stacks = dirs.filter(({ dir }) => existsSync(path.join(dir, DEPENDENCIES)));
  return inDependencyOrder(
    stacks.map(({ name, dir }) => ({
      name,
      dir,
      dependencies: parsed(path.join(dir, DEPENDENCIES), z.array(z.string())),
      content: parsed(path.join(dir, 'cdk.tf.json'), stackFile),
    })),
  );
}

/** Notes beside each stack what it depends on; the manifest forgets a stack that leaves the program. */
export function noteDependencies(stacks: readonly SynthesizedStack[]): void {
  for (const { dir, dependencies } of stacks) writeFileSync(path.join(dir, DEPENDENCIES), JSON.stringify(dependencies));
}

/** File of the local state of a stack whose backend is local. */
export function stateFileOf(content: StackFile): string {
  return String(content.terraform.backend?.['local']?.['path']);
}

/** The states of other stacks that a stack reads, by the name of the data source. */
export function remoteStatesOf(content: StackFile): [name: string, state: RemoteState][] {
  const blocks = Object.entries(content.data?.['terraform_remote_state'] ?? {});
  return blocks.map(([name, block]) => [name, remoteState.parse(block)]);
}

/** Sorts stacks so that each stands after those it depends on, and by name among equals. */
function inDependencyOrder<T extends Pick<SynthesizedStack, 'name' | 'dependencies'>>(stacks: readonly T[]): T[] {
  const left = [...stacks].sort((a, b) => (a.name < b.name ? -1 : 1));
  const done: T[] = [];
  while (left.length > 0) {
    const next = left.findIndex((it) => !it.dependencies.some((name) => left.some((other) => other.name === name)));
    // A circle cannot be sorted; cdktf refuses it with a better message.
    done.push(...left.splice(Math.max(next, 0), 1));
  }
  return done;
}

function parsed<T>(file: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw fileNotUnderstood(file, error instanceof Error ? error.message : String(error));
  }
  const result = schema.safeParse(value);
  if (!result.success) throw fileNotUnderstood(file, z.prettifyError(result.error));
  return result.data;
}
