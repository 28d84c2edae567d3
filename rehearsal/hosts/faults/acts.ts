import { kubectl, nodesOf, type Node } from './cluster';
import { bootstrapFailed, commandFailed, otherValue, settingMissing } from './errors';
import type { Machine } from '../machine';
import type { LabApi } from './lab-client';
import type { Scene } from './scene';

const LOG = '/var/log/drover-bootstrap.log';

/** Waits until a machine's node is as wanted. */
export async function awaitNode(
  scene: Scene,
  machine: Machine,
  what: string,
  isSo: (node: Node) => boolean,
): Promise<void> {
  await scene.until(`the node of '${machine.name}' is ${what}`, async () => {
    const node = await scene.nodeOf(machine);
    return node !== undefined && isSo(node);
  });
}

/** Waits until a machine's node is Ready. */
export const awaitReady = (scene: Scene, machine: Machine): Promise<void> =>
  awaitNode(scene, machine, 'Ready', (it) => it.isReady);

/** Waits until a machine that was launched anew has finished its bootstrap. @throws {NotAsExpected} when a step failed */
export async function awaitBootstrap(scene: Scene, before: Machine): Promise<void> {
  const result = await awaitResult(scene, before);
  if (result !== 'ok') throw bootstrapFailed(before.name, result);
}

/** Waits until it has given up, and checks that it names the step, in its report and in its tag. */
export async function awaitAbandoned(scene: Scene, before: Machine, step: string): Promise<void> {
  const result = await awaitResult(scene, before);
  if (result !== `failed:${step}`) throw otherValue(`the bootstrap of '${before.name}'`, result, `failed:${step}`);
  await scene.until(`the tag of '${before.name}' names the step`, async () => {
    const now = await scene.now(before);
    return now?.tags?.['drover:bootstrap'] === result;
  });
}

async function awaitResult(scene: Scene, before: Machine): Promise<string> {
  let result = '';
  await scene.until(`the bootstrap of '${before.name}' has ended`, async () => {
    const now = await scene.now(before);
    result = now === undefined || now.launched === before.launched ? '' : (now.bootstrap?.result ?? '');
    return result !== '' && result !== 'running';
  });
  return result;
}

/** Seconds that a step of the present bootstrap took; 0 when it did not run. */
export async function secondsOf(scene: Scene, machine: Machine, step: string): Promise<number> {
  const now = await scene.now(machine);
  return now?.bootstrap?.steps.find((it) => it.name === step)?.seconds ?? 0;
}

/** How often the bootstrap's log on a machine holds a text. */
export async function timesLogged(scene: Scene, machine: Machine, text: string): Promise<number> {
  const { stdout } = await scene.lab.exec(machine.id, ['grep', '--count', '--fixed-strings', text, LOG]);
  return Number(stdout.trim());
}

/** A setting of a machine, such as REGISTRATION_ADDRESS. */
export async function settingOf(lab: LabApi, machine: Machine, name: string): Promise<string> {
  const { stdout } = await lab.exec(machine.id, ['cat', '/etc/drover/bootstrap.env']);
  const found = stdout.split('\n').find((it) => it.startsWith(`${name}='`));
  if (found === undefined) throw settingMissing(machine.name, name);
  return found.slice(name.length + 2).replace(/'$/, '');
}

/** Runs a command in a machine and has it succeed. */
export async function inside(
  lab: LabApi,
  machine: Machine,
  command: readonly string[],
  deadlineSec?: number,
): Promise<string> {
  const { code, stdout, stderr } = await lab.exec(machine.id, command, deadlineSec);
  if (code !== 0) throw commandFailed(machine.name, command.slice(0, 3).join(' '), stderr + stdout);
  return stdout;
}

/** Runs the bootstrap of a machine once more, as an operator does after mending the cause. */
export const bootstrapAgain = (lab: LabApi, machine: Machine, deadlineSec: number): Promise<string> =>
  inside(lab, machine, ['bash', '/opt/drover/bundle/run.sh'], deadlineSec);

/**
 * Makes room for an empty machine under the name of one that is gone, as an operator does: RKE2 then drops its etcd
 * member and forgets its node password.
 */
export async function deleteNode(lab: LabApi, witness: Machine, machine: Machine): Promise<void> {
  const node = (await nodesOf(lab, witness)).find((it) => it.address === machine.address);
  if (node === undefined) return;
  const { code, stdout, stderr } = await kubectl(lab, witness, 'delete', 'node', node.name, '--wait=false');
  if (code !== 0) throw commandFailed(witness.name, 'kubectl delete node', stderr + stdout);
}

/** Brings a server back that a fault has left off or given up: with its data while its node is known, else empty. */
export async function bringBack(lab: LabApi, server: Machine, witness: Machine): Promise<void> {
  const now = (await lab.machines()).find((it) => it.id === server.id);
  const hasFailed = now?.bootstrap?.result.startsWith('failed:') === true;
  if (now?.state === 'running' && !hasFailed) return;
  const isKnown = (await nodesOf(lab, witness)).some((it) => it.address === server.address);
  if (!isKnown) return lab.tell('rebuild', '--wipe', server.id);
  return hasFailed ? lab.tell('rebuild', server.id) : lab.tell('start', server.id);
}
