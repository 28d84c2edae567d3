import { awaitBootstrap, bringBack, inside, settingOf } from './acts';
import { authorityOf } from './cluster';
import type { Fault } from './fault';
import { clusterOf } from './fleet';
import type { Machine } from '../machine';
import type { LabApi } from './lab-client';
import { awaitMembership, replaceEmpty } from './replacement';

export const tokenRotated: Fault = {
  name: 'token-rotated',
  does: 'the join secret is rotated at a server and in the parameter store; an empty machine takes the place of a server',
  end: 'healed',
  expected: 'the other servers follow the rotation, and the new machine joins with the new secret',
  boundSec: 90,
  strike: async (scene) => {
    const server = scene.fleet.otherServer;
    const witness = scene.witness(server);
    const parameter = await settingOf(scene.lab, server, 'JOIN_SECRET_PARAMETER');
    const authority = await authorityOf(scene.lab, witness);
    const old = await secretOf(scene.lab, witness);
    scene.defer(`server '${server.name}'`, (lab) => bringBack(lab, server, witness));
    scene.begin();
    scene.defer('join secret', (lab) => rotate(lab, witness, parameter, old));
    await rotate(scene.lab, witness, parameter, `${old.slice(0, -8)}rotated0`);
    for (const other of scene.fleet.servers(clusterOf(server))) {
      await scene.until(`'${other.name}' knows the new secret`, async () => (await secretOf(scene.lab, other)) !== old);
    }
    scene.mark('all servers know the new secret');
    await replaceEmpty(scene, server);
    await awaitBootstrap(scene, server);
    scene.mark('its bootstrap is ok');
    await awaitMembership(scene, server, authority);
  },
};

const tokenOf = async (lab: LabApi, server: Machine): Promise<string> =>
  (await inside(lab, server, ['cat', '/var/lib/rancher/rke2/server/token'])).trim();

const secretOf = async (lab: LabApi, server: Machine): Promise<string> =>
  (await tokenOf(lab, server)).replace(/^.*::server:/, '');

/** The two things that docs/security.md asks for: the servers, and what new machines are given. */
async function rotate(lab: LabApi, server: Machine, parameter: string, secret: string): Promise<void> {
  const token = await tokenOf(lab, server);
  if (!token.endsWith(`:${secret}`)) {
    await inside(lab, server, ['rke2', 'token', 'rotate', '--token', token, '--new-token', secret], 90);
  }
  await lab.setParameter(parameter, secret);
}
