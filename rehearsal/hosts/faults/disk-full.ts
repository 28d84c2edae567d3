import { awaitNode, inside } from './acts';
import { etcdState, kubectl } from './cluster';
import { NotAsExpected } from './errors';
import type { Fault } from './fault';
import { clusterOf } from './fleet';

const START = ['systemctl', 'start', '--no-block', 'rke2-server'];
const STOP_DEADLINE_SEC = 60;

export const diskFull: Fault = {
  name: 'disk-full',
  does: 'the data disk of a server is filled to its last byte while RKE2 restarts; freed once the node is NotReady',
  end: 'healed',
  expected: "the API answers through the others; RKE2's journal says that no space is left; freed, all is as before",
  boundSec: 90,
  strike: async (scene) => {
    const server = scene.fleet.otherServer;
    const witness = scene.witness(server);
    const servers = scene.fleet.servers(clusterOf(server));
    const uid = (await scene.nodeOf(server))?.uid;
    scene.defer(`disk of '${server.name}'`, async (lab) => {
      await lab.tell('disk', server.id, 'free');
      await inside(lab, server, START);
    });
    scene.begin();
    // What runs goes on for as long as etcd's present file has room, and a stop frees some: only a start shows it.
    await inside(scene.lab, server, ['systemctl', 'stop', 'rke2-server'], STOP_DEADLINE_SEC);
    await scene.lab.tell('disk', server.id, 'fill');
    await inside(scene.lab, server, START);
    await scene.until('RKE2 says why it does not start', async () => {
      const journal = 'journalctl --unit rke2-server --since -2min --no-pager | grep --quiet "no space left on device"';
      return (await scene.lab.exec(server.id, ['sh', '-c', journal])).code === 0;
    });
    scene.mark('RKE2 says that no space is left');
    await awaitNode(scene, server, 'seen as lost', (it) => !it.isReady);
    scene.mark('its node is NotReady');
    const { code, stderr } = await kubectl(scene.lab, witness, 'get', '--raw', '/readyz');
    if (code !== 0) throw new NotAsExpected(`the API of '${witness.name}' does not answer: ${stderr.trim()}`);
    await scene.lab.tell('disk', server.id, 'free');
    scene.mark('the disk is freed');
    await awaitNode(scene, server, 'Ready as it was', (it) => it.isReady && it.uid === uid);
    await scene.until('etcd is healthy on all servers', async () => {
      const states = await Promise.all(servers.map((it) => etcdState(scene.lab, it)));
      return states.every((it) => it === 'ok');
    });
  },
};
