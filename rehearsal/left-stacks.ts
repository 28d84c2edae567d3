import { readState } from './state';
import { readStackFolders, stateFileOf, type SynthesizedStack } from './synthesized';

/** A stack that the program no longer has and whose resources still exist: Terraform destroys only what it is told to. */
export interface LeftStack {
  readonly stack: string;
  readonly resources: number;
}

/**
 * Stacks that have left the program with something in their state.
 * @param out folder of what was synthesized, now and before
 * @param stacks what the program has now
 */
export function leftStacks(out: string, stacks: readonly Pick<SynthesizedStack, 'name'>[]): LeftStack[] {
  const known = new Set(stacks.map((it) => it.name));
  return readStackFolders(out)
    .filter((it) => !known.has(it.name))
    .map(({ name, content }) => ({ stack: name, resources: readState(stateFileOf(content)).resources }))
    .filter(({ resources }) => resources > 0);
}
