import { awaitBootstrap, awaitReady, bringBack, secondsOf, settingOf } from './acts';
import { NotAsExpected } from './errors';
import type { Fault } from './fault';

const LATE_SEC = 60;

export const secretLate: Fault = {
  name: 'secret-late',
  does: `a server is renewed while its join secret does not exist; it appears after ${LATE_SEC} s`,
  end: 'healed',
  expected: 'step 40-join-secret waits for it, and the server is Ready',
  boundSec: 150,
  strike: async (scene) => {
    const server = scene.fleet.otherServer;
    const witness = scene.witness(server);
    const secret = await settingOf(scene.lab, server, 'JOIN_SECRET_PARAMETER');
    scene.defer(`server '${server.name}'`, (lab) => bringBack(lab, server, witness));
    scene.defer(`secret '${secret}'`, (lab) => lab.tell('trouble', 'secret', 'off', secret));
    scene.begin();
    await scene.lab.tell('trouble', 'secret', 'on', secret);
    await scene.lab.tell('rebuild', server.id);
    await scene.last(LATE_SEC);
    await scene.lab.tell('trouble', 'secret', 'off', secret);
    scene.mark('the secret exists');
    await awaitBootstrap(scene, server);
    await awaitReady(scene, server);
    const waited = await secondsOf(scene, server, '40-join-secret');
    if (waited < LATE_SEC / 2) throw new NotAsExpected(`step 40-join-secret took ${waited} s: it did not wait`);
  },
};
