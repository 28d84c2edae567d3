import { timesLogged } from './acts';
import { NotAsExpected } from './errors';
import type { Fault } from './fault';
import { restart } from './reboots';

const KEPT = 'the disk holds a file system: kept as it is';

export const cloudInitTwice: Fault = {
  name: 'cloud-init-twice',
  does: 'a server forgets that cloud-init has run, and is restarted',
  end: 'healed',
  expected: 'every step runs again and changes nothing: the report is ok, the node is Ready as it was',
  boundSec: 60,
  strike: async (scene) => {
    const server = scene.fleet.otherServer;
    const before = (await scene.now(server))?.bootstrap?.started;
    const kept = await timesLogged(scene, server, KEPT);
    await restart(scene, server, ['sh', '-c', 'cloud-init clean && systemctl reboot']);
    scene.mark('its node is Ready');
    await scene.until('the bootstrap has run again and is ok', async () => {
      const report = (await scene.now(server))?.bootstrap;
      return report?.started !== before && report?.result === 'ok';
    });
    if ((await timesLogged(scene, server, KEPT)) > kept) return;
    throw new NotAsExpected(`step 20-data-disk of '${server.name}' did not keep its disk`);
  },
};
