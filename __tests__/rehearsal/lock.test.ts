import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
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

test('of many that find a dead lock at the same instant exactly one gets it', async () => {
  const script = path.join(dir, 'race.cjs');
  const source = `
    import { acquireLock } from '${path.resolve(__dirname, '../../rehearsal/lock')}';
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const main = async () => {
      await wait(Number(process.argv[3]) - Date.now());
      let lock;
      try { lock = acquireLock(process.argv[2], 'dev'); } catch (error) { process.exit(error.exitCode); }
      await wait(1500);
      lock.release();
    };
    void main();`;
  buildSync({
    stdin: { contents: source, resolveDir: __dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    outfile: script,
  });
  writeFileSync(file, holder(NOBODY, '1'));
  const start = String(Date.now() + 1500);
  const codes = await Promise.all(
    Array.from({ length: 6 }, () => {
      const child = spawn(process.execPath, [script, file, start], { stdio: 'ignore' });
      return new Promise<number | null>((resolve) => child.on('close', resolve));
    }),
  );
  expect(codes.sort()).toEqual([0, 4, 4, 4, 4, 4]);
  expect(readdirSync(dir)).toEqual(['race.cjs']);
}, 20_000);
