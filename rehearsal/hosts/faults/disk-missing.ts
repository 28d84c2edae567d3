import { awaitBootstrap, awaitNode, bringBack, secondsOf } from './acts';
import { NotAsExpected } from './errors';
import type { Fault } from './fault';

const MISSING_SEC = 40;

export const diskMissing: Fault = {
  name: 'disk-missing',
  does: `a server is renewed without its data disk, which is attached after ${MISSING_SEC} s`,
  end: 'healed',
  expected: 'step 20-data-disk waits for the disk, and the server is Ready as the node that it was',
  boundSec: 120,
  strike: async (scene) => {
    const server = scene.fleet.otherServer;
    const witness = scene.witness(server);
    const uid = (await scene.nodeOf(server))?.uid;
    scene.defer(`server '${server.name}'`, (lab) => bringBack(lab, server, witness));
    scene.defer(`disk of '${server.name}'`, (lab) => lab.tell('disk', server.id, 'back'));
    scene.begin();
    await scene.lab.tell('cut', server.id);
    await scene.lab.tell('disk', server.id, 'missing');
    await scene.lab.tell('rebuild', server.id);
    await scene.last(MISSING_SEC);
    await scene.lab.tell('disk', server.id, 'back');
    scene.mark('the disk is attached');
    await awaitBootstrap(scene, server);
    await awaitNode(scene, server, 'Ready as it was', (it) => it.isReady && it.uid === uid);
    const waited = await secondsOf(scene, server, '20-data-disk');
    if (waited < MISSING_SEC / 2) throw new NotAsExpected(`step 20-data-disk took ${waited} s: it did not wait`);
  },
};
