import type { Scene } from './scene';

/** How a fault must end: the fleet is as before by itself, or a machine gives up and names the step. */
export type End = 'healed' | 'abandoned';

/** Where machines stand: in a cloud, which replaces them, or in a data centre, where people do. */
export type Ground = 'cloud' | 'metal';

/** Something that goes wrong with machines that run, and what must come of it. */
export interface Fault {
  /** What a person types after `--fault`. */
  readonly name: string;
  /** What is done, for a person. */
  readonly does: string;
  readonly end: End;
  /** What must be so in the end, for a person. */
  readonly expected: string;
  /** Longest time from the first harm to that end, in seconds: two to three times what two busy cores needed. */
  readonly boundSec: number;
  /** Where machines must stand for it. @default - in a cloud */
  readonly on?: readonly Ground[];
  /**
   * Does the harm and returns once the expected end has come. What must be undone, whatever comes, is told to
   * `scene.defer` before it is done.
   * @throws {NotAsExpected} when something else came of it
   */
  strike(scene: Scene): Promise<void>;
}
