import { awaitReady, bootstrapAgain, timesLogged } from './acts';
import { NotAsExpected } from './errors';
import type { Fault } from './fault';

/** Longer than the two minutes that step 10-host waits. */
const BOOTSTRAP_DEADLINE_SEC = 200;
const WARNING = 'going on with a clock that no time server has confirmed';

export const clockOff: Fault = {
  name: 'clock-off',
  does: 'no time server confirms the clock of a server, and its bootstrap is run again',
  end: 'healed',
  expected: 'step 10-host waits for its deadline, goes on with a warning, and the node stays Ready',
  boundSec: 200,
  strike: async (scene) => {
    const server = scene.fleet.otherServer;
    const before = await timesLogged(scene, server, WARNING);
    scene.defer(`clock of '${server.name}'`, (lab) => lab.tell('clock', server.id, 'on'));
    scene.begin();
    await scene.lab.tell('clock', server.id, 'off');
    await bootstrapAgain(scene.lab, server, BOOTSTRAP_DEADLINE_SEC);
    scene.mark('its bootstrap is ok');
    if ((await timesLogged(scene, server, WARNING)) === before)
      throw new NotAsExpected(`the log of '${server.name}' lacks the warning`);
    await awaitReady(scene, server);
  },
};
