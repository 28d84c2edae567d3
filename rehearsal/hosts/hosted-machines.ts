import type { SynthesizedStack } from '../synthesized';
import { machinesNotHosted } from './errors';

/** Machines that the lab has no hosts for, and a cluster whose machines others made. */
const NOT_HOSTED = ['azurerm_linux_virtual_machine', 'azurerm_linux_virtual_machine_scale_set', 'rancher2_cluster'];

/** Refuses an environment whose machines would never run: whatever waits for them would wait in vain. */
export function checkHostedMachines(environment: string, stacks: readonly Pick<SynthesizedStack, 'content'>[]): void {
  const notHosted = NOT_HOSTED.filter((type) => stacks.some(({ content }) => content.resource?.[type] !== undefined));
  if (notHosted.length > 0) throw machinesNotHosted(environment, notHosted);
}
