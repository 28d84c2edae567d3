import { awaitAbandoned, bootstrapAgain, bringBack, settingOf } from './acts';
import { authorityOf } from './cluster';
import type { Fault } from './fault';
import { awaitMembership, refuseBeginning, replaceEmpty } from './replacement';

const BOOTSTRAP_DEADLINE_SEC = 240;

export const firstServerReplacedUnreachable: Fault = {
  name: 'first-server-replaced-unreachable',
  does: 'the same while the registration address refuses connections; then it answers, and the bootstrap is run again',
  end: 'abandoned',
  expected: 'it begins no cluster but gives up at step 60-rke2-server; run again with the address back, it joins',
  boundSec: 120,
  strike: async (scene) => {
    const server = scene.fleet.firstServer;
    const witness = scene.witness(server);
    const authority = await authorityOf(scene.lab, witness);
    const address = await settingOf(scene.lab, server, 'REGISTRATION_ADDRESS');
    scene.defer(`server '${server.name}'`, (lab) => bringBack(lab, server, witness));
    scene.defer(`address '${address}'`, (lab) => lab.tell('trouble', 'address', 'off', address));
    scene.begin();
    await scene.lab.tell('trouble', 'address', 'on', address);
    await replaceEmpty(scene, server);
    await awaitAbandoned(scene, server, '60-rke2-server');
    scene.mark('given up at 60-rke2-server');
    await refuseBeginning(scene, server);
    await scene.lab.tell('trouble', 'address', 'off', address);
    await bootstrapAgain(scene.lab, server, BOOTSTRAP_DEADLINE_SEC);
    scene.mark('its bootstrap is ok');
    await awaitMembership(scene, server, authority);
  },
};
