import { linkSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { errorCode } from './error-code';
import { rehearsalRunning } from './errors';
import { findProcess } from './process-table';
import { writing } from './workspace';

const holder = z.object({ pid: z.number(), started: z.string(), since: z.string() });
type Holder = z.output<typeof holder>;

/** Longest time that replacing a dead holder's lock may take before its own claim counts as left behind. */
const TAKEOVER_MS = 10_000;

/** A lock that is held until it is released. */
export interface HeldLock {
  release(): void;
}

/** Takes the lock of an environment, or says who holds it. A holder whose process is gone holds nothing. */
export function acquireLock(file: string, environment: string): HeldLock {
  const mine = claim(process.pid);
  if (!place(file, mine)) takeOver(file, mine, environment);
  return {
    release: () => {
      if (sameHolder(read(file), mine)) remove(file);
    },
  };
}

function claim(pid: number): Holder {
  return { pid, started: findProcess(pid)?.started ?? '', since: new Date().toISOString() };
}

/** A link appears with its whole content or not at all, so nobody ever reads half a lock. */
function place(file: string, content: Holder): boolean {
  const draft = `${file}.${String(content.pid)}`;
  return writing(file, () => {
    writeFileSync(draft, JSON.stringify(content), { mode: 0o600 });
    try {
      linkSync(draft, file);
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    } finally {
      remove(draft);
    }
  });
}

/** Only who holds the claim may judge a lock dead and remove it; else two would each remove the other's new lock. */
function takeOver(file: string, mine: Holder, environment: string): void {
  const found = read(file);
  if (found !== undefined && isAlive(found)) throw refused(environment, found);
  const claimFile = `${file}.takeover`;
  if (isOlderThan(claimFile, TAKEOVER_MS)) remove(claimFile);
  if (!place(claimFile, mine)) throw refused(environment, read(claimFile) ?? mine);
  try {
    const again = read(file);
    if (again !== undefined && isAlive(again)) throw refused(environment, again);
    remove(file);
    if (!place(file, mine)) throw refused(environment, read(file) ?? mine);
  } finally {
    remove(claimFile);
  }
}

const refused = (environment: string, by: Holder): Error => rehearsalRunning(environment, by.pid, by.since);

const isAlive = (it: Holder): boolean => findProcess(it.pid)?.started === it.started;

const sameHolder = (a: Holder | undefined, b: Holder): boolean => a?.pid === b.pid && a.started === b.started;

function read(file: string): Holder | undefined {
  try {
    const parsed = holder.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

function isOlderThan(file: string, ms: number): boolean {
  try {
    return Date.now() - statSync(file).mtimeMs > ms;
  } catch {
    return false;
  }
}
