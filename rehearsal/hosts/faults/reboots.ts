import { awaitNode, inside } from './acts';
import type { Machine } from '../machine';
import type { Scene } from './scene';

/** When its systemd began: the kernel's own boot id is that of the computer underneath. */
const BOOT = ['systemctl', 'show', '--property', 'UserspaceTimestampMonotonic', '--value'];

/** Restarts a machine by a command of its own, and waits until its node is Ready as it was. */
export async function restart(scene: Scene, machine: Machine, command: readonly string[]): Promise<void> {
  const uid = (await scene.nodeOf(machine))?.uid;
  const boot = await inside(scene.lab, machine, BOOT);
  scene.begin();
  await scene.lab.exec(machine.id, command, 120);
  await scene.until(`'${machine.name}' has booted again`, async () => {
    const { code, stdout } = await scene.lab.exec(machine.id, BOOT);
    return code === 0 && stdout !== boot;
  });
  scene.mark('it boots');
  await scene.until(`RKE2 runs on '${machine.name}'`, async () => {
    const units = ['systemctl', 'is-active', 'rke2-server', 'rke2-agent'];
    return (await scene.lab.exec(machine.id, units)).stdout.split('\n').includes('active');
  });
  await awaitNode(scene, machine, 'Ready as it was', (it) => it.isReady && it.uid === uid);
}
