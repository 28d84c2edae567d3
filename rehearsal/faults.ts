import { rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { hasConnections } from './connections';
import { faultNotUnderstood, faultTypeUnknown } from './errors';
import type { SynthesizedStack } from './synthesized';
import { writing, type Workspace } from './workspace';

/** What a fault does: nothing is made; it is made and then the call fails; too many requests; no answer in time. */
export const faultModes = ['refuse', 'partial', 'throttle', 'timeout'] as const;

/** A fault to inject: the next `times` creations of a type go wrong. */
export interface Fault {
  readonly type: string;
  readonly op: 'create';
  readonly mode: (typeof faultModes)[number];
  readonly times: number;
}

/** A host that is provisioned by SSH; as in rehearsal/provider/metal.go. */
export const METAL_HOST = 'metal_host';

/** Reads `<type>=<times>` or `<type>:<mode>=<times>`; without `=<times>` once. The type may end in `*`. */
export function parseFault(text: string): Fault {
  const found = /^([a-z][a-z0-9_]*\*?)(?::([a-z]+))?(?:=([1-9]\d{0,3}))?$/.exec(text);
  const mode = found?.[2] === undefined ? 'refuse' : faultModes.find((it) => it === found[2]);
  const type = found?.[1];
  if (type === undefined || mode === undefined) throw faultNotUnderstood(text, faultModes);
  return { type, op: 'create', mode, times: Number(found?.[3] ?? 1) };
}

/** Refuses a fault that could never strike. */
export function checkFaults(faults: readonly Fault[], stacks: readonly SynthesizedStack[]): void {
  const types = new Set(stacks.flatMap((it) => Object.keys(it.content.resource ?? {})));
  if (stacks.some((it) => hasConnections(it.content))) types.add(METAL_HOST);
  for (const { type } of faults) {
    const strikes = type.endsWith('*') ? [...types].some((it) => it.startsWith(type.slice(0, -1))) : types.has(type);
    if (!strikes) throw faultTypeUnknown(type);
  }
}

/** Gives a run its faults, and no others: those of an earlier run are forgotten, with how often they struck. */
export function setFaults(workspace: Workspace, faults: readonly Fault[]): void {
  rmSync(workspace.faults, { force: true });
  rmSync(path.join(workspace.world, '.faults'), { recursive: true, force: true });
  if (faults.length === 0) return;
  writing(workspace.faults, () => writeFileSync(workspace.faults, JSON.stringify(faults), { mode: 0o600 }));
}
