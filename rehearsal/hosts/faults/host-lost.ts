import { awaitBootstrap, awaitNode, awaitReady, deleteNode } from './acts';
import type { Fault } from './fault';
import { forgetMachine } from './rancher';

/** Nobody replaces a host of a data centre but people: what they do is what docs/metal.md tells them. */
export const hostLost: Fault = {
  name: 'host-lost',
  does: 'a worker on metal breaks for good; people forget it, put another of its name with an empty disk in its place, and deploy',
  end: 'healed',
  expected: 'its node is NotReady; the deploy provisions the host in its place by SSH, and it is Ready as a new node',
  boundSec: 300,
  on: ['metal'],
  strike: async (scene) => {
    const host = scene.fleet.worker;
    const [server, rancher] = [scene.witness(host), scene.fleet.firstServer];
    const uid = (await scene.nodeOf(host))?.uid;
    const { operator } = scene;
    scene.begin();
    await scene.lab.tell('lose', host.id);
    await awaitNode(scene, host, 'seen as lost', (it) => !it.isReady);
    scene.mark('its node is NotReady');
    await forgetMachine(scene.lab, rancher, host);
    await deleteNode(scene.lab, server, host);
    await operator.forget(host);
    await scene.lab.tell('rebuild', '--wipe', host.id);
    scene.mark('another host stands in its place');
    await operator.deploy();
    scene.mark('the deploy is done');
    await awaitBootstrap(scene, host);
    await awaitNode(scene, host, 'another node', (it) => it.uid !== uid);
    await awaitReady(scene, host);
    scene.mark('its node is Ready');
  },
};
