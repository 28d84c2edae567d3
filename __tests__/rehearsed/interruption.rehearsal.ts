import fs from 'node:fs';
import { descendantsOf, findProcess, type ProcessEntry } from '../../rehearsal/process-table';
import {
  beginRehearsal,
  changedEnvironment,
  objectsInWorld,
  rehearse,
  startFromNothing,
  waitUntil,
  workspace,
  type Running,
} from './drover';
import { madeByType, madeObjects, wantedByType } from './world';

/** The management cluster alone: what happens to one is what happens to all. */
const environment = changedEnvironment([/^clusters:[^]*/m, '']);

const isAlive = ({ pid, started }: ProcessEntry): boolean => findProcess(pid)?.started === started;

/** A rehearsal that has its lock, and whose process is the one that holds it. */
async function withLock(running: Running): Promise<Running> {
  await waitUntil('the rehearsal holds its lock', () => fs.existsSync(workspace.lock));
  return running;
}

beforeAll(startFromNothing);

describe('an apply that a person interrupts', () => {
  let made: string[];

  test('finishes what it has in hand, says how to go on, and leaves nothing running', async () => {
    const running = beginRehearsal([], environment, { REHEARSAL_DELAY_MS: '500' });
    await waitUntil('a disk of a server is made', () => objectsInWorld('aws_ebs_volume').length > 0);
    const started = descendantsOf(running.pid);
    expect(started.map((it) => it.name)).toContain('terraform');

    running.process.kill('SIGINT');
    const { code, stderr } = await running.ended;

    expect(code).toBe(130);
    expect(stderr).toContain('stopping: what Terraform has in hand is finished first');
    expect(stderr).toContain(
      "interrupted; what was made is in the world and in its state; 'drover rehearse dev' goes on from there",
    );
    expect(started.filter(isAlive)).toEqual([]);
    expect(fs.existsSync(workspace.lock)).toBe(false);
    made = madeObjects(workspace);
    expect(made.length).toBeGreaterThan(60);
    expect(objectsInWorld('aws_instance').length).toBeLessThan(3);
  });

  test('is completed by the next run with nothing made twice, while a second run at the same time is refused', async () => {
    const running = await withLock(beginRehearsal([], environment));
    const second = rehearse(['--plan'], environment);
    expect(second.code).toBe(4);
    expect(second.stderr).toMatch(
      new RegExp(
        `a rehearsal of 'dev' is running since \\d{4}-\\S+ \\(process ${running.pid}\\); wait for it, or end that process by Ctrl-C`,
      ),
    );

    expect(await running.ended).toMatchObject({ code: 0, ok: true });
    expect(madeObjects(workspace)).toEqual(expect.arrayContaining(made));
    expect(madeByType(workspace)).toEqual(wantedByType(workspace));
  });
});

test('a rehearsal that was killed does not stop the next one', async () => {
  const running = await withLock(beginRehearsal(['--plan'], environment));
  const started = descendantsOf(running.pid);
  running.process.kill('SIGKILL');
  await running.ended;
  expect(JSON.parse(fs.readFileSync(workspace.lock, 'utf8'))).toMatchObject({ pid: running.pid });
  await waitUntil('what it had started has ended', () => !started.some(isAlive));

  expect(rehearse(['--plan', '--detailed-exitcode'], environment)).toMatchObject({ code: 0 });
  expect(fs.existsSync(workspace.lock)).toBe(false);
});
