import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { runCdktf } from './deploy';
import { leadToEntry } from './localize';
import { counted } from './progress';
import { Session, type RehearsalOptions } from './session';
import type { StackRun } from './stack-run';
import { isEmpty, readState } from './state';
import { readStackFolders, stateFileOf, type Manifest, type SynthesizedStack } from './synthesized';
import { listKept, listWorld, removePreconditions, type WorldObject } from './world';

/** Azure's vaults, with which their own deleted secrets go; secrets in HashiCorp Vault of which versions are left. */
const KEPT_TYPES = ['azurerm_key_vault', 'vault_kv_secret_v2'];

/** What taking an environment down came to. */
export interface DownReport {
  readonly environment: string;
  readonly ok: boolean;
  /** Stacks that were destroyed, or failed to be. */
  readonly stacks: readonly StackRun[];
  /** Objects that still exist though no stack should own any. */
  readonly leftovers: readonly Pick<WorldObject, 'type' | 'id'>[];
  /** What is deleted and can still be brought back: no leftovers, but its name stays taken. */
  readonly kept: readonly Pick<WorldObject, 'type' | 'id'>[];
  readonly failures: readonly { readonly run: StackRun; readonly log: string }[];
  readonly complaint: string;
}

/** Destroys every stack that owns something, the last deployed first, and proves that the world is empty. */
export async function rehearseDown(options: RehearsalOptions & { readonly parallelism?: number }): Promise<DownReport> {
  return Session.run(options, async (session) => {
    const { workspace } = session;
    const owners = readStackFolders(workspace.out).filter((it) => !isEmpty(readState(stateFileOf(it.content))));
    const outcome =
      owners.length === 0
        ? { ok: true, stacks: [], complaint: '' }
        : await destroy(session, owners, options.parallelism);
    if (outcome.ok) removePreconditions(workspace.world);
    const leftovers = listWorld(workspace.world)
      .filter((it) => !it.isPrecondition)
      .map(({ type, id }) => ({ type, id }));
    const kept = listKept(workspace.world).filter((it) => KEPT_TYPES.includes(it.type));
    const ok = outcome.ok && leftovers.length === 0;
    if (ok) {
      await session.lab.stop();
      workspace.clear();
    }
    const failures = outcome.stacks
      .filter((it) => it.state === 'failed')
      .map((run) => ({ run, log: workspace.shown(workspace.stackLog(run.name)) }));
    return {
      environment: options.environment,
      ok,
      stacks: outcome.stacks,
      leftovers,
      kept,
      failures,
      complaint: failures.length === 0 ? outcome.complaint : '',
    };
  });
}

async function destroy(
  session: Session,
  owners: readonly SynthesizedStack[],
  parallelism: number | undefined,
): ReturnType<typeof runCdktf> {
  const { workspace, options } = session;
  const { progress, interruption } = options;
  const entry = await session.phase('providers', () => session.provide(owners));
  if (entry !== undefined) leadToEntry(owners, entry);
  writeManifest(workspace.out, owners);
  progress.say(`destroying ${counted(owners.length, 'stack')} of '${options.environment}'`);
  const outcome = await session.phase('destroy', () =>
    runCdktf({
      verb: 'destroy',
      stacks: owners.map((it) => it.name),
      ...{ workspace, env: session.env, progress, interruption },
      ...(parallelism === undefined ? {} : { parallelism }),
    }),
  );
  progress.end();
  return outcome;
}

/**
 * cdktf destroys in the order of its manifest. A stack that owns nothing is left out: it may read values of one that was
 * never deployed, and Terraform could not even plan to destroy it. One that left the program is put in.
 */
function writeManifest(out: string, owners: readonly SynthesizedStack[]): void {
  const names = new Set(owners.map((it) => it.name));
  const stacks = owners.map(({ name, dependencies }) => [
    name,
    {
      name,
      constructPath: name,
      synthesizedStackPath: `stacks/${name}/cdk.tf.json`,
      workingDirectory: `stacks/${name}`,
      annotations: [],
      dependencies: dependencies.filter((it) => names.has(it)),
    },
  ]);
  const manifest: Manifest = { version: '0.21.0', stacks: Object.fromEntries(stacks) };
  writeFileSync(path.join(out, 'manifest.json'), JSON.stringify(manifest));
}
