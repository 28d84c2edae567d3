import { settingOf } from './acts';
import type { Fault } from './fault';
import { awaitGone, awaitInService, awaitNewcomer } from './groups';

const DOWN_SEC = 30;

export const registrationDownAtBoot: Fault = {
  name: 'registration-down-at-boot',
  does: `Rancher's address refuses connections for ${DOWN_SEC} s while a worker that replaces another boots`,
  end: 'healed',
  expected: 'the worker waits and is Ready; the one that it replaces is gone, with its node',
  boundSec: 120,
  strike: async (scene) => {
    const worker = scene.fleet.worker;
    const address = new URL(await settingOf(scene.lab, worker, 'RANCHER_URL')).hostname;
    scene.defer(`address '${address}'`, (lab) => lab.tell('trouble', 'address', 'off', address));
    scene.begin();
    await scene.lab.tell('trouble', 'address', 'on', address);
    await scene.lab.tell('terminate', worker.id);
    const newcomer = await awaitNewcomer(scene, worker.group);
    await scene.last(DOWN_SEC);
    await scene.lab.tell('trouble', 'address', 'off', address);
    scene.mark('the address answers');
    await awaitInService(scene, newcomer);
    await awaitGone(scene, worker);
  },
};
