import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { buildSync } from 'esbuild';
import { acquireLock } from '../../rehearsal/lock';
import { findProcess } from '../../rehearsal/process-table';

const dir = mkdtempSync(path.join(tmpdir(), 'drover-lock-'));
const file = path.join(dir, 'lock.json');
afterEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(dir, { recursive: true }));

const holder = (pid: number, started: string): string =>
  JSON.stringify({ pid, started, since: '2026-01-02T03:04:05.000Z' });
/** Of a process that certainly does not exist: beyond the largest id of Linux and macOS. */
const NOBODY = 2 ** 22 + 1;

test('a second run is refused with the process of the first and since when', () => {
  const lock = acquireLock(file, 'dev');
  expect(() => acquireLock(file, 'dev')).toThrow(
    new RegExp(
      `^a rehearsal of 'dev' is running since \\d{4}-.* \\(process ${process.pid}\\); wait for it, or end that process by Ctrl-C$`,
    ),
  );
  lock.release();
  acquireLock(file, 'dev').release();
  expect(existsSync(file)).toBe(false);
});

test('the lock of a dead process is taken over', () => {
  writeFileSync(file, holder(NOBODY, '1'));
  acquireLock(file, 'dev').release();
});

test('another process that got the id of the dead one holds nothing', () => {
  writeFileSync(file, holder(process.pid, 'another start'));
  acquireLock(file, 'dev').release();
});

test('a living process keeps its lock', () => {
  const parent = findProcess(process.ppid);
  writeFileSync(file, holder(process.ppid, parent?.started ?? ''));
  expect(() => acquireLock(file, 'dev')).toThrow(`since 2026-01-02T03:04:05.000Z (process ${process.ppid})`);
});

test('a release does not take away the lock of somebody who came later', () => {
  const lock = acquireLock(file, 'dev');
  writeFileSync(file, holder(process.ppid, findProcess(process.ppid)?.started ?? ''));
  lock.release();
  expect(existsSync(file)).toBe(true);
});

/** Programs that each try to take the lock when they are told to, say so, and end with their input. */
function contenders(count: number): ChildProcessByStdio<Writable, Readable, null>[] {
  const script = path.join(dir, 'race.cjs');
  const source = `
    import { once } from 'node:events';
    import { createInterface } from 'node:readline';
    import { acquireLock } from '${path.resolve(__dirname, '../../rehearsal/lock')}';
    const main = async () => {
      const input = createInterface({ input: process.stdin });
      const ended = once(input, 'close');
      console.log('ready');
      await once(input, 'line');
      let lock;
      try { lock = acquireLock(process.argv[2], 'dev'); } catch (error) { process.exitCode = error.exitCode; }
      console.log('tried');
      await ended;
      lock?.release();
    };
    void main();`;
  buildSync({
    stdin: { contents: source, resolveDir: __dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    outfile: script,
  });
  return Array.from({ length: count }, () =>
    spawn(process.execPath, [script, file], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
}

test('of many that find a dead lock at the same instant exactly one gets it', async () => {
  writeFileSync(file, holder(NOBODY, '1'));
  const children = contenders(6);
  const codes = children.map((it) => new Promise<number | null>((resolve) => it.on('close', resolve)));
  const lines = children.map((it) => createInterface({ input: it.stdout })[Symbol.asyncIterator]());
  const said = async (): Promise<unknown[]> => (await Promise.all(lines.map((it) => it.next()))).map((it) => it.value);
  try {
    expect(await said()).toEqual(Array<string>(6).fill('ready'));
    for (const { stdin } of children) stdin.write('go\n');
    // Whoever has it keeps it until all have tried.
    expect(await said()).toEqual(Array<string>(6).fill('tried'));
  } finally {
    for (const { stdin } of children) stdin.end();
  }
  expect((await Promise.all(codes)).sort()).toEqual([0, 4, 4, 4, 4, 4]);
  expect(readdirSync(dir)).toEqual(['race.cjs']);
});
