import { awaitBootstrap, awaitNode, bringBack, inside } from './acts';
import { NotAsExpected } from './errors';
import type { Fault } from './fault';

export const diskRenamed: Fault = {
  name: 'disk-renamed',
  does: 'a server is renewed, and the kernel gives its data disk another name',
  end: 'healed',
  expected: 'the disk is found by what it is, and the server is Ready as the node that it was',
  boundSec: 60,
  strike: async (scene) => {
    const server = scene.fleet.otherServer;
    const witness = scene.witness(server);
    const device = ['findmnt', '--noheadings', '--output', 'SOURCE', '/mnt/drover-data'];
    const [uid, before] = [(await scene.nodeOf(server))?.uid, await inside(scene.lab, server, device)];
    scene.defer(`server '${server.name}'`, (lab) => bringBack(lab, server, witness));
    scene.defer(`disk of '${server.name}'`, (lab) => lab.tell('disk', server.id, 'plain'));
    scene.begin();
    await scene.lab.tell('cut', server.id);
    await scene.lab.tell('disk', server.id, 'rename');
    await scene.lab.tell('rebuild', server.id);
    await awaitBootstrap(scene, server);
    scene.mark('its bootstrap is ok');
    await awaitNode(scene, server, 'Ready as it was', (it) => it.isReady && it.uid === uid);
    const after = await inside(scene.lab, server, device);
    if (after === before) throw new NotAsExpected(`the disk of '${server.name}' still is '${before.trim()}'`);
  },
};
