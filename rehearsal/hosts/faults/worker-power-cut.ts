import { awaitNode } from './acts';
import type { Fault } from './fault';
import { Fleet, isLeaving } from './fleet';
import { awaitSuccessor } from './groups';

/** A group whose grace for health checks is over replaces a machine that is off; before that the power may come back. */
export const workerPowerCut: Fault = {
  name: 'worker-power-cut',
  does: 'the power of a worker is cut, and comes back once its node is NotReady',
  end: 'healed',
  expected:
    'the node is NotReady, then Ready again as it was; or, where the grace of its group is over, another is Ready in its place',
  boundSec: 600,
  strike: async (scene) => {
    const worker = scene.fleet.worker;
    const uid = (await scene.nodeOf(worker))?.uid;
    scene.defer(`power of '${worker.name}'`, async (lab) => {
      const now = new Fleet(await lab.machines()).find(worker.id);
      if (now?.state === 'stopped' && !isLeaving(now)) await lab.tell('start', worker.id);
    });
    scene.begin();
    await scene.lab.tell('cut', worker.id);
    await awaitNode(scene, worker, 'seen as lost', (it) => !it.isReady);
    scene.mark('its node is NotReady');
    const now = await scene.now(worker);
    if (now === undefined || isLeaving(now)) return awaitSuccessor(scene, worker);
    await scene.lab.tell('start', worker.id);
    await awaitNode(scene, worker, 'Ready again as it was', (it) => it.isReady && it.uid === uid);
  },
};
