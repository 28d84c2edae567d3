import { diskFormatted } from '../../../../rehearsal/hosts/faults/disk-formatted';
import type { Fault } from '../../../../rehearsal/hosts/faults/fault';
import { runFaults, type FaultRun } from '../../../../rehearsal/hosts/faults/run-faults';
import { serverRenewed } from '../../../../rehearsal/hosts/faults/server-renewed';
import { workerPowerCut } from '../../../../rehearsal/hosts/faults/worker-power-cut';
import { Interruption } from '../../../../rehearsal/interruption';
import { FakeLab } from './support/fake-lab';

let lab: FakeLab;
beforeEach(() => (lab = new FakeLab()));

async function play(fault: Fault): Promise<FaultRun | undefined> {
  const runs = await runFaults([{ ...fault, boundSec: 30 }], {
    ...{ environment: 'dev', lab, steadyLab: lab, interruption: new Interruption(), settleSec: 0.05, pollMs: 5 },
    say: () => undefined,
  });
  return runs[0];
}
const exit = (code: number, stdout = '') => ({ code, stdout, stderr: '' });

test('the first server is renewed, and must start with the member on its disk', async () => {
  expect(await play(serverRenewed)).toMatchObject({ verdict: 'as expected' });
  expect(lab.told).toEqual(['rebuild i-management-s1']);
  lab.answer = (_, command) => (command.startsWith('grep') ? exit(1, '0') : undefined);
  expect(await play(serverRenewed)).toMatchObject({
    verdict: 'not as expected',
    reason: "'management-s1' did not start with the member on its disk",
  });
});

test('a renewed server whose step fails is told with the step, and brought back', async () => {
  lab.nextBootstrap = 'failed:60-rke2-server';
  expect((await play(serverRenewed))?.reason).toMatch(
    /^the bootstrap of 'management-s1' ended with 'failed:60-rke2-server', must be 'ok'/,
  );
  expect(lab.told).toEqual(['rebuild i-management-s1', 'rebuild i-management-s1']);
});

test('a disk of somebody else must be refused and stay as it is; then the own one is put back', async () => {
  lab.nextBootstrap = 'failed:20-data-disk';
  lab.answer = (_, command) => {
    if (command.startsWith('lsblk')) return exit(0, '/dev/loop1 vol1\n');
    if (command.startsWith('blkid')) return exit(0, 'ext4\n');
    if (command.startsWith('find')) lab.nextBootstrap = 'ok';
    return command.startsWith('find') ? exit(0, '/mnt/theirs\n') : undefined;
  };
  expect(await play(diskFormatted)).toMatchObject({ verdict: 'as expected', marks: { 'given up at 20-data-disk': 0 } });
  const own = ['stop i-management-s3', 'disk i-management-s3 back', 'rebuild i-management-s3'];
  expect(lab.told).toEqual(['cut i-management-s3', 'disk i-management-s3 format', 'rebuild i-management-s3', ...own]);
});

test('a machine that takes a disk of somebody else is not as expected', async () => {
  expect(await play(diskFormatted)).toMatchObject({
    verdict: 'not as expected',
    reason: "the bootstrap of 'management-s3' is 'ok', must be 'failed:20-data-disk'",
  });
});

test('a worker whose power comes back must be the node that it was', async () => {
  expect(await play(workerPowerCut)).toMatchObject({ verdict: 'as expected' });
  expect(lab.told).toEqual(['cut i-shop-w1', 'start i-shop-w1']);
});

test('an environment without workers has nothing that such a fault could strike', async () => {
  lab.fleet.pop();
  lab.groups = () => Promise.resolve([]);
  expect(await play(workerPowerCut)).toMatchObject({
    verdict: 'not as expected',
    reason: 'this environment has no worker of a scaling group that it could strike',
  });
});
