import { awaitBootstrap, awaitNode, bringBack, timesLogged } from './acts';
import { NotAsExpected } from './errors';
import type { Fault } from './fault';

export const serverRenewed: Fault = {
  name: 'server-renewed',
  does: 'the server that may begin the cluster is renewed: a new machine with its data disk and address',
  end: 'healed',
  expected: 'it starts with its data without asking anybody, and is Ready as the node that it was',
  boundSec: 60,
  strike: async (scene) => {
    const server = scene.fleet.firstServer;
    const witness = scene.witness(server);
    const uid = (await scene.nodeOf(server))?.uid;
    scene.defer(`server '${server.name}'`, (lab) => bringBack(lab, server, witness));
    scene.begin();
    await scene.lab.tell('rebuild', server.id);
    await awaitBootstrap(scene, server);
    scene.mark('its bootstrap is ok');
    await awaitNode(scene, server, 'Ready as it was', (it) => it.isReady && it.uid === uid);
    if ((await timesLogged(scene, server, 'the disk holds a member of the cluster: starting with it')) > 0) return;
    throw new NotAsExpected(`'${server.name}' did not start with the member on its disk`);
  },
};
