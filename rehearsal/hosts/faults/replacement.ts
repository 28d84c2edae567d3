import { awaitReady, deleteNode, timesLogged } from './acts';
import { authorityOf, etcdVoters, nodesOf } from './cluster';
import { NotAsExpected, otherValue } from './errors';
import { clusterOf } from './fleet';
import type { Machine } from '../machine';
import type { Scene } from './scene';

/**
 * Replaces a server that is lost with its disk by an empty one, as an operator does: the node of the lost one is deleted,
 * then a machine with its name and address starts.
 */
export async function replaceEmpty(scene: Scene, server: Machine): Promise<void> {
  await scene.lab.tell('cut', server.id);
  await deleteNode(scene.lab, scene.witness(server), server);
  await scene.lab.tell('rebuild', '--wipe', server.id);
}

/** Waits until a replaced server is a full member of the cluster that there was, and checks that no other began. */
export async function awaitMembership(scene: Scene, server: Machine, authority: string): Promise<void> {
  await awaitReady(scene, server);
  scene.mark('its node is Ready');
  const witness = scene.witness(server);
  const servers = scene.fleet.servers(clusterOf(server));
  await scene.until('etcd has a voting member on each server', async () => {
    const voters = await etcdVoters(scene.lab, witness);
    const nodes = await nodesOf(scene.lab, witness);
    const wanted = nodes.filter((it) => servers.some(({ address }) => address === it.address)).map((it) => it.name);
    return wanted.length === servers.length && wanted.sort().join() === voters.join();
  });
  scene.mark('etcd has its members');
  const own = await authorityOf(scene.lab, server);
  if (own !== authority) throw otherValue(`the authority of '${server.name}'`, own, authority);
  await refuseBeginning(scene, server);
}

/** A machine that began a cluster of its own would be the worst end of all. */
export async function refuseBeginning(scene: Scene, server: Machine): Promise<void> {
  if ((await timesLogged(scene, server, 'beginning a new cluster')) > 0) {
    throw new NotAsExpected(`'${server.name}' began a second cluster`);
  }
}
