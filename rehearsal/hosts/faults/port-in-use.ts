import { awaitBootstrap, awaitReady, bringBack, inside } from './acts';
import type { Fault } from './fault';

/** Where joining servers ask; RKE2 can't start without it. */
const PORT = 9345;
const HOLDER = 'port-holder';
const HELD_SEC = 30;
const LISTEN = `import socket, time; s = socket.socket(); s.bind(("", ${PORT})); s.listen(); time.sleep(3600)`;

export const portInUse: Fault = {
  name: 'port-in-use',
  does: `a server is renewed, and something else listens on its port ${PORT} until ${HELD_SEC} s after RKE2 was refused it`,
  end: 'healed',
  expected: "RKE2's journal says that the address is in use; freed, the server is Ready",
  boundSec: 120,
  strike: async (scene) => {
    const server = scene.fleet.otherServer;
    const witness = scene.witness(server);
    scene.defer(`server '${server.name}'`, (lab) => bringBack(lab, server, witness));
    scene.defer(`port ${PORT} of '${server.name}'`, (lab) => lab.exec(server.id, ['systemctl', 'stop', HOLDER]));
    scene.begin();
    await scene.lab.tell('rebuild', server.id);
    await scene.until(`port ${PORT} is taken`, async () => {
      const hold = ['systemd-run', '--quiet', '--unit', HOLDER, 'python3', '-c', LISTEN];
      return (await scene.lab.exec(server.id, hold)).code === 0;
    });
    await scene.until('RKE2 says why it does not start', async () => {
      const journal = 'journalctl --unit rke2-server --no-pager | grep --quiet "address already in use"';
      return (await scene.lab.exec(server.id, ['sh', '-c', journal])).code === 0;
    });
    scene.mark('RKE2 says that the address is in use');
    await scene.last(HELD_SEC);
    await inside(scene.lab, server, ['systemctl', 'stop', HOLDER]);
    scene.mark('the port is free');
    await awaitBootstrap(scene, server);
    await awaitReady(scene, server);
  },
};
