import { otherValue } from './errors';
import type { Fault } from './fault';
import { awaitGone, awaitInService, awaitNewcomer, groupOf } from './groups';
import { rancherAddresses } from './rancher';

/** From the group's notice until the other machine is Ready. */
const SUCCESSOR_SEC = 60;

export const workerLost: Fault = {
  name: 'worker-lost',
  does: 'a worker breaks for good',
  end: 'healed',
  expected: `its group notices and has another Ready within ${SUCCESSOR_SEC} s; it disappears from its cluster and from Rancher`,
  // The group's grace, five minutes of its leaving hook that nobody answers, and the time until Rancher forgets a machine.
  boundSec: 1200,
  strike: async (scene) => {
    const worker = scene.fleet.worker;
    const rancher = scene.fleet.firstServer;
    scene.begin();
    await scene.lab.tell('lose', worker.id);
    await scene.until(`group '${worker.group}' notices`, async () => {
      const found = (await groupOf(scene, worker)).instances.find((it) => it.id === worker.id);
      return found === undefined || found.lifecycle !== 'InService';
    });
    scene.mark('its group notices');
    const noticed = scene.seconds;
    await awaitInService(scene, await awaitNewcomer(scene, worker.group));
    const took = Math.round(scene.seconds - noticed);
    if (took > SUCCESSOR_SEC)
      throw otherValue('the time from the notice to Ready', `${took} s`, `at most ${SUCCESSOR_SEC} s`);
    await awaitGone(scene, worker);
    await scene.until(`Rancher has forgotten '${worker.name}'`, async () => {
      return !(await rancherAddresses(scene.lab, rancher)).includes(worker.address);
    });
    scene.mark('Rancher has forgotten it');
  },
};
