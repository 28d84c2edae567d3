import type { SynthesizedStack } from '../synthesized';
import { machinesNotHosted } from './errors';

/** Machines that the lab has no hosts for, and a cluster whose machines others made. */
const NOT_HOSTED = ['azurerm_linux_virtual_machine', 'azurerm_linux_virtual_machine_scale_set', 'rancher2_cluster'];

/** Tag of a storage node; the hosts' packages hold no GlusterFS. */
const STORAGE = 'drover:storage';

/** Refuses an environment whose machines would never run: whatever waits for them would wait in vain. */
export function checkHostedMachines(environment: string, stacks: readonly Pick<SynthesizedStack, 'content'>[]): void {
  const types = NOT_HOSTED.filter((type) => stacks.some(({ content }) => content.resource?.[type] !== undefined));
  const storage = stacks.some(({ content }) => hasStorageNodes(content)) ? [`aws_instance (${STORAGE})`] : [];
  const notHosted = [...types, ...storage];
  if (notHosted.length > 0) throw machinesNotHosted(environment, notHosted);
}

function hasStorageNodes({ resource }: SynthesizedStack['content']): boolean {
  return Object.values(resource?.['aws_instance'] ?? {}).some(({ tags }) => isTagged(tags));
}

const isTagged = (tags: unknown): boolean => typeof tags === 'object' && tags !== null && STORAGE in tags;
