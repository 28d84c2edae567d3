import type { Fault } from '../../../../rehearsal/hosts/faults/fault';
import { runFaults, type FaultRun } from '../../../../rehearsal/hosts/faults/run-faults';
import { Interruption } from '../../../../rehearsal/interruption';
import { FakeLab } from './support/fake-lab';

let lab: FakeLab;
let interruption: Interruption;
let said: string[];
beforeEach(() => {
  lab = new FakeLab();
  interruption = new Interruption();
  said = [];
});

const fault = (strike: Fault['strike'], other: Partial<Fault> = {}): Fault => ({
  ...{ name: 'shake', does: 'the rack is shaken', end: 'healed', expected: 'nobody notices', boundSec: 30 },
  strike,
  ...other,
});
const play = (...faults: Fault[]): Promise<FaultRun[]> =>
  runFaults(faults, {
    ...{ environment: 'dev', lab, steadyLab: lab, interruption, settleSec: 0.05, pollMs: 5 },
    say: (line) => said.push(line),
  });

test('a fault that ends as it must is measured, and what it did is put back, the last first', async () => {
  const [run] = await play(
    fault(async (scene) => {
      scene.defer('one', (it) => it.tell('undo', 'one'));
      scene.defer('two', (it) => it.tell('undo', 'two'));
      scene.begin();
      await scene.last(0.15);
      scene.mark('it shakes');
    }),
  );
  expect(run).toMatchObject({ verdict: 'as expected', marks: { 'it shakes': expect.any(Number) as number } });
  expect(run?.marks['it shakes']).toBeGreaterThanOrEqual(0.1);
  expect(run?.measuredSec).toBeGreaterThanOrEqual(run?.marks['it shakes'] ?? NaN);
  expect(lab.told).toEqual(['undo two', 'undo one']);
  expect(said[0]).toBe('1/1 shake: the rack is shaken');
  expect(said.at(-1)).toMatch(/^ {2}as expected after [\d.]+ s, all well again [\d.]+ s later$/);
});

test('one that does not end within its bound says what it waited for, and is put back', async () => {
  const [run] = await play(
    fault(
      async (scene) => {
        scene.defer('rack', (it) => it.tell('undo', 'rack'));
        await scene.until('the rack is still', () => Promise.resolve(false));
      },
      { boundSec: 0.2 },
    ),
  );
  expect(run).toMatchObject({ verdict: 'not as expected', reason: 'the rack is still: not so within 0.2 s' });
  expect(run).not.toHaveProperty('measuredSec');
  expect(lab.told).toEqual(['undo rack']);
});

test('one that ends as it must but too late is not as expected', async () => {
  const [run] = await play(
    fault(
      async (scene) => {
        scene.begin();
        await scene.last(0.2);
      },
      { boundSec: 0.05 },
    ),
  );
  expect(run?.verdict).toBe('not as expected');
  expect(run?.reason).toMatch(/^it took [\d.]+ s, at most 0\.05 s are allowed$/);
});

test('an interruption puts everything back before it ends the command', async () => {
  const ended = play(
    fault(async (scene) => {
      scene.defer('rack', (it) => it.tell('undo', 'rack'));
      scene.begin();
      setTimeout(() => interruption.raise(), 20);
      await scene.last(5);
    }),
  );
  await expect(ended).rejects.toMatchObject({
    message: 'interrupted; what the fault had done was put back',
    exitCode: 130,
  });
  expect(lab.told).toEqual(['undo rack']);
});

test('an interruption that cannot put everything back says what is left', async () => {
  const ended = play(
    fault(async (scene) => {
      scene.defer('rack', () => Promise.reject(new Error('it is bolted')));
      interruption.raise();
      await scene.last(5);
    }),
  );
  await expect(ended).rejects.toMatchObject({
    message:
      "interrupted, and what fault 'shake' had done could not be put back: rack: it is bolted; 'drover rehearse dev --down' takes everything away",
    exitCode: 130,
  });
});

test('a mistake of the program is no verdict: it ends the command, once all was put back', async () => {
  const ended = play(
    fault((scene) => {
      scene.defer('rack', (it) => it.tell('undo', 'rack'));
      scene.defer('door', () => Promise.reject(new Error('it is bolted')));
      return Promise.reject(new TypeError('no such property'));
    }),
  );
  await expect(ended).rejects.toThrow(TypeError);
  expect(lab.told).toEqual(['undo rack']);
  expect(said.at(-1)).toBe('  could not be put back: door: it is bolted');
});

test('a machine that does not say what it is asked is not as expected', async () => {
  lab.answer = (_, command) =>
    command.includes('get nodes') && lab.told.length > 0 ? { code: 0, stdout: '{"items": [', stderr: '' } : undefined;
  const [run] = await play(
    fault(async (scene) => {
      scene.defer('kubectl', () => Promise.resolve(lab.told.splice(0)));
      await lab.tell('garble');
      for (const machine of lab.fleet) await scene.nodeOf(machine);
    }),
  );
  expect(run?.reason).toBe(`the list of nodes of 'management-s2' cannot be read: {"items": [`);
});

test('nothing is done to a fleet that is not well, and what is not is said', async () => {
  lab.notReady.add('management-s2');
  Object.assign(lab.fleet[3] ?? {}, { state: 'stopped' });
  const [run] = await play(fault(() => lab.tell('harm')));
  expect(run).toMatchObject({
    verdict: 'not run',
    reason: [
      "machine 'shop-s1' (i-shop-s1) is stopped",
      "node 'management-s2' of cluster 'management' is not Ready",
      "the API of cluster 'shop' does not answer",
    ].join('; '),
  });
  expect(lab.told).toEqual([]);
});

test('the first fault that leaves the fleet unwell is the last that is run', async () => {
  const runs = await play(
    fault(() => lab.tell('cut', 'i-management-s3')),
    fault(() => lab.tell('harm'), { name: 'second' }),
  );
  expect(runs.map((it) => it.verdict)).toEqual(['not as expected', 'not run']);
  expect(runs[0]?.reason).toContain("machine 'management-s3' (i-management-s3) is stopped");
  expect(lab.told).toEqual(['cut i-management-s3']);
});
