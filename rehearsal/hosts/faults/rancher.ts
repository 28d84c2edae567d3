import { z } from 'zod';
import { inside } from './acts';
import { answered } from './answer';
import { kubectl } from './cluster';
import { commandFailed } from './errors';
import type { Machine } from '../machine';
import type { LabApi } from './lab-client';

/** Settings of what stands in for Rancher on each management server. */
const settings = z.object({ url: z.string(), ca: z.string().default(''), apiTokens: z.array(z.string()) });
const SETTINGS = '/etc/rancher/standin/config.json';

const machineList = z.object({
  data: z.array(z.object({ name: z.string(), internalAddress: z.string().default('') })),
});

/** Addresses of the machines that Rancher knows. */
export async function rancherAddresses(lab: LabApi, server: Machine): Promise<string[]> {
  return (await machinesOf(lab, server)).map((it) => it.internalAddress);
}

/** Deletes a machine in Rancher, as a person does: what stands in for Rancher keeps each as a Secret. */
export async function forgetMachine(lab: LabApi, server: Machine, machine: Machine): Promise<void> {
  const found = (await machinesOf(lab, server)).filter((it) => it.internalAddress === machine.address);
  for (const { name } of found) {
    const secret = [...['--namespace', 'fleet-default', 'delete', 'secret'], `${name}-machine-plan`];
    const { code, stdout, stderr } = await kubectl(lab, server, ...secret);
    if (code !== 0) throw commandFailed(server.name, 'kubectl delete secret', stderr + stdout);
  }
}

async function machinesOf(lab: LabApi, server: Machine): Promise<z.output<typeof machineList>['data']> {
  const { url, ca, apiTokens } = answered(
    settings,
    await inside(lab, server, ['cat', SETTINGS]),
    'the settings of Rancher',
    server,
  );
  const answer = await inside(lab, server, [
    ...['curl', '--silent', '--show-error', '--fail', '--max-time', '10', ...(ca === '' ? [] : ['--cacert', ca])],
    ...['--header', `Authorization: Bearer ${apiTokens[0] ?? ''}`, `${url}/v3/machines`],
  ]);
  return answered(machineList, answer, "Rancher's list of machines", server).data;
}
