import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { METAL_HOST } from './faults';
import { counted } from './progress';
import { listWorld } from './world';

const host = z.object({ attrs: z.object({ name: z.string(), site: z.string(), cluster: z.string() }) });

/** A host on metal that is a part of a cluster, or of none (empty); Terraform has brought it there by SSH. */
export type ProvisionedHost = z.output<typeof host>['attrs'];

/** The hosts of the simulated world, by cluster and name. */
export function readProvisionedHosts(world: string): ProvisionedHost[] {
  const files = listWorld(world).flatMap((it) => (it.type === METAL_HOST ? [it.file] : []));
  const hosts = files.map((file) => host.parse(JSON.parse(readFileSync(file, 'utf8'))).attrs);
  return hosts.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

const placeOf = ({ cluster, name }: ProvisionedHost): string => JSON.stringify([cluster, name]);

/** A line with their number, and one for each cluster with their names. */
export function provisionedHostsText(hosts: readonly ProvisionedHost[]): string {
  const clusters = [...new Set(hosts.map((it) => it.cluster))];
  const names = (cluster: string): string =>
    hosts
      .filter((it) => it.cluster === cluster)
      .map((it) => it.name)
      .join(', ');
  return [
    `${counted(hosts.length, 'host')} on metal provisioned by SSH`,
    ...clusters.map((it) => `  ${it === '' ? 'in no cluster' : it}: ${names(it)}`),
  ].join('\n');
}
