import { awaitBootstrap, bringBack } from './acts';
import { authorityOf } from './cluster';
import type { Fault } from './fault';
import { awaitMembership, replaceEmpty } from './replacement';

export const firstServerReplacedEmpty: Fault = {
  name: 'first-server-replaced-empty',
  does: 'the server that may begin the cluster is lost with its disk; its node is deleted, an empty machine takes its place',
  end: 'healed',
  expected: 'it joins and never begins a cluster: the authority is the same, all servers are nodes and members of etcd',
  boundSec: 90,
  strike: async (scene) => {
    const server = scene.fleet.firstServer;
    const witness = scene.witness(server);
    const authority = await authorityOf(scene.lab, witness);
    scene.defer(`server '${server.name}'`, (lab) => bringBack(lab, server, witness));
    scene.begin();
    await replaceEmpty(scene, server);
    await awaitBootstrap(scene, server);
    scene.mark('its bootstrap is ok');
    await awaitMembership(scene, server, authority);
  },
};
