import { awaitNode } from './acts';
import { nothingToStrike } from './errors';
import type { Fault } from './fault';
import { clusterOf } from './fleet';
import { awaitSuccessor } from './groups';
import { Pods } from './pods';

/** What EC2 gives a machine between its notice and its end. */
const NOTICE_SEC = 120;

export const spotNotice: Fault = {
  name: 'spot-notice',
  does: 'a worker that runs pods is told that it will be taken, and is taken once it has none left',
  end: 'healed',
  expected: 'it takes no further pods and evicts its own, which run elsewhere; another is Ready in its place',
  boundSec: 90,
  strike: async (scene) => {
    const candidates = scene.fleet.workers();
    const [server] = scene.fleet.servers(clusterOf(scene.fleet.worker));
    if (server === undefined) throw nothingToStrike('cluster with workers and servers');
    const pods = await Pods.start(scene, server);
    const used = new Set(await pods.nodes());
    const nodes = await Promise.all(candidates.map(async (it) => ({ it, name: (await scene.nodeOf(it))?.name ?? '' })));
    const struck = nodes.find(({ name }) => used.has(name));
    if (struck === undefined) throw nothingToStrike('worker that takes pods');
    const { it: worker, name } = struck;
    scene.begin();
    await scene.lab.tell('notice', worker.id, 'terminate', String(NOTICE_SEC));
    await awaitNode(scene, worker, 'unschedulable', (it) => it.isUnschedulable);
    scene.mark('its node is unschedulable');
    await scene.until(`node '${name}' has no pods`, async () => !(await pods.nodes()).includes(name));
    scene.mark('its pods are evicted');
    await scene.lab.tell('terminate', worker.id);
    await awaitSuccessor(scene, worker);
    await scene.until('all pods run elsewhere', () => pods.allRun());
    scene.mark('all pods run again');
  },
};
