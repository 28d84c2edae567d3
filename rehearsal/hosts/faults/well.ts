import { etcdState, nodesOf } from './cluster';
import { clusterOf, Fleet, isLeaving, isNode } from './fleet';
import type { LabApi } from './lab-client';

/** Everything that is not as it should be before harm is done, each as a sentence; nothing when all is well. */
export async function whatIsWrong(lab: LabApi): Promise<string[]> {
  const fleet = new Fleet(await lab.machines());
  const found = machineTroubles(fleet);
  for (const group of await lab.groups()) {
    const serving = group.instances.filter((it) => it.lifecycle === 'InService').length;
    if (serving !== group.desired) found.push(`group '${group.name}' has ${serving} of ${group.desired} in service`);
  }
  for (const cluster of fleet.clusters) found.push(...(await clusterTroubles(lab, fleet, cluster)));
  return found;
}

function machineTroubles({ machines }: Fleet): string[] {
  return machines.flatMap((it) => {
    // One that stands in a data centre and is in no cluster is nobody's.
    if (it.isBare && clusterOf(it) === '') return [];
    if (isLeaving(it)) return [`machine '${it.name}' (${it.id}) is leaving`];
    if (it.state !== 'running') return [`machine '${it.name}' (${it.id}) is ${it.state}`];
    const result = it.bootstrap?.result ?? 'not begun';
    return result === 'ok' ? [] : [`the bootstrap of machine '${it.name}' (${it.id}) is '${result}'`];
  });
}

async function clusterTroubles(lab: LabApi, fleet: Fleet, cluster: string): Promise<string[]> {
  const servers = fleet.servers(cluster);
  const running = servers.filter((it) => it.state === 'running');
  const answers = await Promise.all(running.map((it) => nodesOf(lab, it)));
  const nodes = answers.find((it) => it.length > 0) ?? [];
  if (nodes.length === 0) return [`the API of cluster '${cluster}' does not answer`];
  const machines = fleet.machines.filter((it) => it.tags?.['drover:cluster'] === cluster);
  const addresses = new Set(machines.map((it) => it.address));
  const missing = machines.filter((it) => isNode(it) && !nodes.some((node) => node.address === it.address));
  const own = nodes.filter((it) => addresses.has(it.address));
  const found = [
    ...missing.map((it) => `machine '${it.name}' (${it.id}) is no node of cluster '${cluster}'`),
    ...nodes.filter((it) => !addresses.has(it.address)).map((it) => `node '${it.name}' has no machine any more`),
    ...own.filter((it) => !it.isReady).map((it) => `node '${it.name}' of cluster '${cluster}' is not Ready`),
    ...own.filter((it) => it.isUnschedulable).map((it) => `node '${it.name}' is unschedulable`),
    ...own.flatMap((it) => it.troubles.map((trouble) => `node '${it.name}' has ${trouble}`)),
  ];
  const states = await Promise.all(running.map(async (it) => [it.name, await etcdState(lab, it)] as const));
  const sick = states.filter(([, state]) => state !== 'ok');
  return [...found, ...sick.map(([name, state]) => `etcd of '${name}' says '${state.split('\n')[0] ?? ''}'`)];
}
