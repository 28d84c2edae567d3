import { nothingToStrike, otherValue } from './errors';
import type { Fault } from './fault';
import { Fleet, isLeaving } from './fleet';
import type { Machine } from '../machine';
import { awaitGone, awaitInService, awaitNewcomer, groupOf } from './groups';
import type { Scene } from './scene';

/** A leaving hook that no machine answers ends by itself after minutes; an answered one within this time. */
const HOOK_ANSWERED_SEC = 60;

export const groupOutAndIn: Fault = {
  name: 'group-out-and-in',
  does: 'a scaling group gets one machine more, and then one less',
  end: 'healed',
  expected: 'the new machine is Ready; the one that leaves answers its hook, and its node is gone',
  boundSec: 90,
  strike: async (scene) => {
    const group = (await scene.lab.groups()).filter((it) => it.desired < it.max).at(-1);
    if (group === undefined) throw nothingToStrike('scaling group with room for another machine');
    scene.defer(`size of '${group.name}'`, (lab) => lab.tell('desired', group.name, `${group.desired}`));
    scene.begin();
    await scene.lab.tell('desired', group.name, `${group.desired + 1}`);
    await awaitInService(scene, await awaitNewcomer(scene, group.name));
    await scene.lab.tell('desired', group.name, `${group.desired}`);
    const asked = scene.seconds;
    const leaver = await awaitLeaver(scene, group.name);
    await awaitGone(scene, leaver);
    const gone = scene.marks['the machine is gone'] ?? 0;
    if (gone - asked > HOOK_ANSWERED_SEC) {
      throw otherValue('the wait for the leaving hook', `${Math.round(gone - asked)} s`, `${HOOK_ANSWERED_SEC} s`);
    }
    const { desired } = await groupOf(scene, leaver);
    if (desired !== group.desired) throw otherValue(`the size of '${group.name}'`, `${desired}`, `${group.desired}`);
  },
};

async function awaitLeaver(scene: Scene, group: string): Promise<Machine> {
  const leaver = await scene.found(`a machine of '${group}' leaves`, async () => {
    const { machines } = new Fleet(await scene.lab.machines());
    return machines.find((it) => it.group === group && isLeaving(it));
  });
  scene.mark('one leaves');
  return leaver;
}
