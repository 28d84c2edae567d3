import { z } from 'zod';
import { inside } from './acts';
import type { Machine } from '../machine';
import type { LabApi } from './lab-client';

/** Settings of what stands in for Rancher on each management server. */
const settings = z.object({ url: z.string(), ca: z.string().default(''), apiTokens: z.array(z.string()) });
const SETTINGS = '/etc/rancher/standin/config.json';

const machineList = z.object({ data: z.array(z.object({ internalAddress: z.string().default('') })) });

/** Addresses of the machines that Rancher knows. */
export async function rancherAddresses(lab: LabApi, server: Machine): Promise<string[]> {
  const { url, ca, apiTokens } = settings.parse(JSON.parse(await inside(lab, server, ['cat', SETTINGS])));
  const answer = await inside(lab, server, [
    ...['curl', '--silent', '--show-error', '--fail', '--max-time', '10', ...(ca === '' ? [] : ['--cacert', ca])],
    ...['--header', `Authorization: Bearer ${apiTokens[0] ?? ''}`, `${url}/v3/machines`],
  ]);
  return machineList.parse(JSON.parse(answer)).data.map((it) => it.internalAddress);
}
