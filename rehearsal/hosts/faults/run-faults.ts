import { exitCodes, RehearsalError } from '../../errors';
import type { Interruption } from '../../interruption';
import { faultInterrupted, faultLeftBehind, NotAsExpected } from './errors';
import type { Fault } from './fault';
import { Fleet } from './fleet';
import type { LabApi } from './lab-client';
import type { Operator } from './operator';
import { Scene } from './scene';
import { whatIsWrong } from './well';

/** What came of a fault. */
export type Verdict = 'as expected' | 'not as expected' | 'not run';

/** One fault that was played, or was not. */
export interface FaultRun {
  readonly fault: Fault;
  readonly verdict: Verdict;
  /** Seconds from the first harm to the expected end. @default - it did not come */
  readonly measuredSec?: number;
  /** Why it is not as expected, or was not run. */
  readonly reason?: string;
  /** Seconds to what was seen on the way. */
  readonly marks: Readonly<Record<string, number>>;
  /** Seconds that it took afterwards until everything was as before. */
  readonly settledSec?: number;
}

/** How faults are run. */
export interface RunFaultsOptions {
  readonly environment: string;
  readonly lab: LabApi;
  /** The same lab for what must be put back although a person has interrupted. */
  readonly steadyLab: LabApi;
  readonly interruption: Interruption;
  readonly say: (line: string) => void;
  /** Who does what only people can do. @default - nobody */
  readonly operator?: Operator;
  /** Longest time until everything is well before a fault, and again after it, in seconds. @default 600 */
  readonly settleSec?: number;
  /** Least pause between two looks, in milliseconds. @default 1000 */
  readonly pollMs?: number;
}

/**
 * Runs one fault after another: all must be well, harm is done and its end awaited, what was done is put back, all must
 * be well again. The first that leaves the fleet unwell is the last that is run.
 */
export async function runFaults(faults: readonly Fault[], options: RunFaultsOptions): Promise<FaultRun[]> {
  const runs: FaultRun[] = [];
  let wrong = await settle(options);
  for (const [index, fault] of faults.entries()) {
    if (wrong.length > 0) {
      runs.push({ fault, verdict: 'not run', reason: wrong.join('; '), marks: {} });
      continue;
    }
    options.say(`${index + 1}/${faults.length} ${fault.name}: ${fault.does}`);
    const scene = await stage(fault, options);
    const ended = await play(fault, scene, options);
    const from = performance.now();
    const left = await scene.putBack(options.steadyLab);
    wrong = [...left.map((it) => `could not be put back: ${it}`), ...(await settle(options))];
    runs.push(judge(fault, scene, ended, wrong, (performance.now() - from) / 1000));
    options.say(`  ${told(runs.at(-1))}`);
  }
  return runs;
}

function told(run: FaultRun | undefined): string {
  if (run?.reason !== undefined) return `${run.verdict}: ${run.reason}`;
  return `as expected after ${String(run?.measuredSec)} s, all well again ${String(run?.settledSec)} s later`;
}

async function stage(fault: Fault, options: RunFaultsOptions): Promise<Scene> {
  const { lab, interruption, say, pollMs, operator } = options;
  const fleet = new Fleet(await lab.machines());
  const { boundSec } = fault;
  return new Scene({
    ...{ lab, fleet, boundSec, interruption, say },
    ...(pollMs === undefined ? {} : { pollMs }),
    ...(operator === undefined ? {} : { operator }),
  });
}

interface Ended {
  readonly seconds: number;
  readonly reason?: string;
}

/**
 * Lets a fault have its way. Only an interruption and a mistake of this program go further than this fault, and not before
 * all was put back.
 */
async function play(fault: Fault, scene: Scene, options: RunFaultsOptions): Promise<Ended> {
  try {
    await fault.strike(scene);
    return { seconds: scene.seconds };
  } catch (error) {
    if (error instanceof RehearsalError && error.exitCode === exitCodes.interrupted) {
      options.say('  interrupted: putting back what was done');
      const left = await scene.putBack(options.steadyLab);
      throw left.length === 0 ? error : faultLeftBehind(fault.name, left.join('; '), options.environment);
    }
    if (error instanceof NotAsExpected || error instanceof RehearsalError) {
      return { seconds: scene.seconds, reason: error.message };
    }
    for (const it of await scene.putBack(options.steadyLab)) options.say(`  could not be put back: ${it}`);
    throw error;
  }
}

function judge(fault: Fault, scene: Scene, ended: Ended, wrong: readonly string[], settled: number): FaultRun {
  const { marks } = scene;
  const isLate = ended.reason === undefined && ended.seconds > fault.boundSec;
  const reasons = [
    ...(ended.reason === undefined ? [] : [ended.reason]),
    ...(isLate ? [`it took ${ended.seconds} s, at most ${fault.boundSec} s are allowed`] : []),
    ...wrong,
  ];
  const measured = ended.reason === undefined ? { measuredSec: ended.seconds } : {};
  if (reasons.length > 0) return { fault, verdict: 'not as expected', ...measured, reason: reasons.join('; '), marks };
  return { fault, verdict: 'as expected', ...measured, marks, settledSec: Math.round(settled * 10) / 10 };
}

/** Waits until all is well, and says what is not when the time is over. */
async function settle({ lab, interruption, settleSec = 600, pollMs = 1000 }: RunFaultsOptions): Promise<string[]> {
  const end = performance.now() + settleSec * 1000;
  let wrong = await whatIsWrong(lab);
  while (wrong.length > 0 && performance.now() < end && !interruption.raised) {
    await new Promise((resolve) => setTimeout(resolve, 2 * pollMs));
    wrong = await whatIsWrong(lab);
  }
  if (interruption.raised) throw faultInterrupted();
  return wrong;
}
