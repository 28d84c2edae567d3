import { otherValue } from './errors';
import { Fleet, type Group } from './fleet';
import type { Machine } from '../machine';
import { awaitReady } from './acts';
import type { Scene } from './scene';

/** The scaling group of a machine. */
export async function groupOf(scene: Scene, machine: Machine): Promise<Group> {
  const found = (await scene.lab.groups()).find((it) => it.name === machine.group);
  if (found === undefined) throw otherValue(`the group of '${machine.name}'`, machine.group, 'a group of the lab');
  return found;
}

/** Waits until a group has a machine that it did not have before, and answers it. */
export async function awaitNewcomer(scene: Scene, group: string): Promise<Machine> {
  const newcomer = await scene.found(`group '${group}' has started another machine`, async () => {
    const { machines } = new Fleet(await scene.lab.machines());
    return machines.find((it) => it.group === group && scene.fleet.find(it.id) === undefined);
  });
  scene.mark('another machine starts');
  return newcomer;
}

/** Waits until a machine is in service and its node Ready. */
export async function awaitInService(scene: Scene, machine: Machine): Promise<void> {
  await scene.until(`machine '${machine.name}' is in service`, async () => {
    return (await scene.now(machine))?.lifecycle === 'InService';
  });
  await awaitReady(scene, machine);
  scene.mark('it is in service, its node Ready');
}

/** Waits until a machine and its node are gone. */
export async function awaitGone(scene: Scene, machine: Machine): Promise<void> {
  await scene.until(`machine '${machine.name}' is gone`, async () => (await scene.now(machine)) === undefined);
  scene.mark('the machine is gone');
  await scene.until(`the node of '${machine.name}' is gone`, async () => (await scene.nodeOf(machine)) === undefined);
  scene.mark('its node is gone');
}

/** Waits until a machine's group has another in its place, and the machine and its node are gone. */
export async function awaitSuccessor(scene: Scene, machine: Machine): Promise<void> {
  await awaitInService(scene, await awaitNewcomer(scene, machine.group));
  await awaitGone(scene, machine);
}
