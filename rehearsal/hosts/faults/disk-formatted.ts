import { awaitAbandoned, timesLogged, inside, settingOf } from './acts';
import { NotAsExpected, otherValue } from './errors';
import type { Fault } from './fault';
import type { Machine } from '../machine';
import type { LabApi } from './lab-client';

const MOUNT = '/mnt';

export const diskFormatted: Fault = {
  name: 'disk-formatted',
  does: 'a server is renewed, and its data disk holds a file system of somebody else, with data',
  end: 'abandoned',
  expected: 'it gives up at step 20-data-disk and leaves the disk as it is; with its own disk it comes back',
  boundSec: 120,
  strike: async (scene) => {
    const server = scene.fleet.otherServer;
    const volume = await settingOf(scene.lab, server, 'DATA_VOLUME_ID');
    scene.defer(`disk of '${server.name}'`, async (lab) => {
      await lab.tell('stop', server.id);
      await lab.tell('disk', server.id, 'back');
      await lab.tell('rebuild', server.id);
    });
    scene.begin();
    await scene.lab.tell('cut', server.id);
    await scene.lab.tell('disk', server.id, 'format');
    await scene.lab.tell('rebuild', server.id);
    await awaitAbandoned(scene, server, '20-data-disk');
    scene.mark('given up at 20-data-disk');
    if ((await timesLogged(scene, server, `volume '${volume}'`)) === 0) {
      throw new NotAsExpected(`the log of '${server.name}' does not name volume '${volume}'`);
    }
    await refuseTouched(scene.lab, server, volume);
  },
};

/** The file system of somebody else, and what is on it, must still be there. */
async function refuseTouched(lab: LabApi, server: Machine, volume: string): Promise<void> {
  // The serial of a volume is its name without the hyphen.
  const disks = await inside(lab, server, ['lsblk', '--nodeps', '--noheadings', '--output', 'PATH,SERIAL']);
  const rows = disks.split('\n').map((it) => it.trim().split(/\s+/));
  const device = rows.find(([, serial]) => serial === volume.replace('-', ''))?.[0] ?? '';
  const probe = ['blkid', '--probe', '--match-tag', 'TYPE', '--output', 'value', device];
  const type = (await inside(lab, server, probe)).trim();
  if (type !== 'ext4') throw otherValue('the file system on the disk', type, 'ext4');
  await inside(lab, server, ['mount', '--options', 'ro', device, MOUNT]);
  const files = await inside(lab, server, ['find', MOUNT, '-type', 'f']);
  await inside(lab, server, ['umount', MOUNT]);
  if (files.trim() === '') throw new NotAsExpected(`the data on volume '${volume}' is gone`);
}
