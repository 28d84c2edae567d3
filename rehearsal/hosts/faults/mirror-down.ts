import { awaitBootstrap, awaitReady, bringBack, inside } from './acts';
import type { Fault } from './fault';

const DOWN_SEC = 30;

export const mirrorDown: Fault = {
  name: 'mirror-down',
  does: `a server is renewed from an image that lacks a package, while the package mirror refuses for ${DOWN_SEC} s`,
  end: 'healed',
  expected: 'step 10-host asks again until it has the package, and the server is Ready',
  boundSec: 120,
  strike: async (scene) => {
    const server = scene.fleet.otherServer;
    const witness = scene.witness(server);
    scene.defer(`server '${server.name}'`, (lab) => bringBack(lab, server, witness));
    scene.defer('package mirror', (lab) => lab.tell('trouble', 'mirror', 'off'));
    scene.begin();
    await scene.lab.tell('trouble', 'mirror', 'on');
    await scene.lab.tell('rebuild', '--without', 'mkfs.xfs', server.id);
    await scene.last(DOWN_SEC);
    await scene.lab.tell('trouble', 'mirror', 'off');
    scene.mark('the mirror answers');
    await awaitBootstrap(scene, server);
    await awaitReady(scene, server);
    await inside(scene.lab, server, ['grep', '--quiet', 'installing xfsprogs', '/var/log/drover-bootstrap.log']);
    await inside(scene.lab, server, ['test', '-x', '/usr/sbin/mkfs.xfs']);
  },
};
