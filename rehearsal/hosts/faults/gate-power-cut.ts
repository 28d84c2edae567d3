import { settingOf } from './acts';
import { outageTooLong } from './errors';
import type { Fault } from './fault';
import type { Machine } from '../machine';
import type { LoadReport } from './lab-client';
import type { Scene } from './scene';

const LOAD = { perSecond: 20, seconds: 30 };
/** The load runs for this long before the cut. */
const LEAD_SEC = 5;
/** Three missed advertisements of one a second, a part of a fourth, and a look of the lab: nobody answers that long. */
const OUTAGE_SEC = 6;

/** Each host of the pair in turn is the one that has the address: the one that comes back takes nothing away. */
export const gatePowerCut: Fault = {
  name: 'gate-power-cut',
  does: `the power of each host before the management cluster is cut in turn while it has the virtual address, under ${LOAD.perSecond} requests a second on it`,
  end: 'healed',
  expected: `the address is on another host and answers within ${OUTAGE_SEC} s; each that comes back leaves it there`,
  boundSec: 300,
  on: ['metal'],
  strike: async (scene) => {
    const pair = scene.fleet.gates;
    const first = await holderOf(scene, pair);
    const order = [first, ...pair.filter((it) => it.id !== first.id)];
    for (const gate of order) {
      scene.defer(`power of '${gate.name}'`, (lab) => lab.tell('start', gate.id));
      await cut(scene, gate, pair);
    }
  },
};

async function cut(scene: Scene, gate: Machine, pair: readonly Machine[]): Promise<void> {
  const server = scene.fleet.firstServer;
  const address = await virtualAddress(scene, gate);
  await scene.until(`'${gate.name}' has the address`, async () => hasAddress(scene, gate, address));
  const load = scene.lab.load({
    ...LOAD,
    url: `https://${address}:6443/readyz`,
    caFrom: `${server.id}:/var/lib/rancher/rke2/server/tls/server-ca.crt`,
  });
  // A failure is told where it is awaited; until then it must not end the program.
  load.catch(() => undefined);
  await scene.last(LEAD_SEC);
  scene.begin();
  await scene.lab.tell('cut', gate.id);
  const holder = await holderOf(
    scene,
    pair.filter((it) => it.id !== gate.id),
  );
  scene.mark(`'${holder.name}' has the address of '${gate.name}'`);
  judge(scene, gate, await load);
  await scene.lab.tell('start', gate.id);
  await scene.until(`NGINX of '${gate.name}' answers`, async () => isAlive(scene, gate));
  await scene.until(`'${holder.name}' still has the address`, async () => hasAddress(scene, holder, address));
  scene.mark(`'${gate.name}' is back`);
}

function judge(scene: Scene, gate: Machine, report: LoadReport): void {
  const outage = Math.max(0, (report.lastFailureSec ?? LEAD_SEC) - LEAD_SEC);
  scene.mark(
    `${gate.name}: ${report.failed} of ${report.sent} requests failed, the slowest took ${(report.slowestMs / 1000).toFixed(1)} s`,
  );
  if (outage > OUTAGE_SEC) throw outageTooLong(gate.name, outage, OUTAGE_SEC, report);
}

async function holderOf(scene: Scene, gates: readonly Machine[]): Promise<Machine> {
  return scene.found('one host has the virtual address', async () => {
    for (const gate of gates) if (await hasAddress(scene, gate, await virtualAddress(scene, gate))) return gate;
    return undefined;
  });
}

const virtualAddress = async (scene: Scene, gate: Machine): Promise<string> =>
  (await settingOf(scene.lab, gate, 'KEEPALIVED_ADDRESS')).replace(/\/.*/, '');

async function hasAddress(scene: Scene, gate: Machine, address: string): Promise<boolean> {
  const { code, stdout } = await scene.lab.exec(gate.id, ['ip', '-oneline', 'address', 'show', 'to', address]);
  return code === 0 && stdout.trim() !== '';
}

async function isAlive(scene: Scene, gate: Machine): Promise<boolean> {
  const units = ['systemctl', 'is-active', '--quiet', 'nginx', 'keepalived'];
  return (await scene.lab.exec(gate.id, units)).code === 0;
}
