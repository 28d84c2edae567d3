import { awaitNode, awaitReady, settingOf } from './acts';
import { etcdState, etcdVoters } from './cluster';
import { requestsFailed, tooBusy } from './errors';
import type { Fault } from './fault';
import { clusterOf, roleOf } from './fleet';
import type { Machine } from '../machine';
import type { LoadReport } from './lab-client';
import type { Scene } from './scene';

const LOAD = { perSecond: 20, seconds: 45 };
/** The load runs for this long before the cut. */
const LEAD_SEC = 5;
const MOST_ATTEMPTS = 3;
/** Half of the time after which an answer counts as none: through a load balancer it takes about twice as long. */
const CALM_MS = 1000;

/**
 * A second load goes straight to a server that stays. What is slow there is slow for want of processor time on this
 * computer, which runs all machines: then nothing is proven, and the power is cut once more.
 */
export const serverPowerCut: Fault = {
  name: 'server-power-cut',
  does: `the power of a management server is cut under ${LOAD.perSecond} requests a second on the API, and comes back`,
  end: 'healed',
  expected: 'after the first second no request fails; the server is Ready again and etcd healthy on all servers',
  boundSec: 240,
  on: ['cloud', 'metal'],
  strike: async (scene) => {
    const server = scene.fleet.firstServer;
    scene.defer(`power of '${server.name}'`, (lab) => lab.tell('start', server.id));
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const { through, straight } = await cutUnderLoad(scene, server);
      scene.mark(`${through.failed} of ${through.sent} requests failed`);
      if (through.failedAfterFirstSecond === 0) return;
      if (straight.failed === 0 && straight.slowestMs < CALM_MS) throw requestsFailed(through, LEAD_SEC);
      scene.mark(`a server that stayed took up to ${Math.round(straight.slowestMs)} ms: this computer is too busy`);
    }
    throw tooBusy(MOST_ATTEMPTS);
  },
};

interface Loads {
  readonly through: LoadReport;
  readonly straight: LoadReport;
}

async function cutUnderLoad(scene: Scene, server: Machine): Promise<Loads> {
  const witness = scene.witness(server);
  const servers = scene.fleet.servers(clusterOf(server));
  const address = await settingOf(scene.lab, witness, 'REGISTRATION_ADDRESS');
  const caFrom = `${witness.id}:/var/lib/rancher/rke2/server/tls/server-ca.crt`;
  // NGINX knows a server that starts by its connections alone, and /readyz of that one is refused for some seconds.
  const path = roleOf(witness) === '' ? 'readyz' : 'version';
  const load = (host: string, from: { readonly from?: string } = {}): Promise<LoadReport> =>
    scene.lab.load({ ...LOAD, url: `https://${host}:6443/${path}`, caFrom, ...from });
  // A firewall on the machine itself lets only itself straight in.
  const straight = roleOf(witness) === '' ? load(witness.address) : load('127.0.0.1', { from: witness.id });
  const loads = Promise.all([load(address), straight]);
  // A failure is told where they are awaited; until then it must not end the program.
  loads.catch(() => undefined);
  await scene.last(LEAD_SEC);
  scene.begin();
  await scene.lab.tell('cut', server.id);
  await awaitNode(scene, server, 'seen as lost', (it) => !it.isReady);
  scene.mark('its node is NotReady');
  await scene.lab.tell('start', server.id);
  await awaitReady(scene, server);
  scene.mark('its node is Ready');
  const [through, direct] = await loads;
  await scene.until('etcd is healthy on all servers', async () => {
    const voters = await etcdVoters(scene.lab, server);
    const states = await Promise.all(servers.map((it) => etcdState(scene.lab, it)));
    return states.every((it) => it === 'ok') && voters.length === servers.length;
  });
  scene.mark('etcd is healthy on all servers');
  return { through, straight: direct };
}
