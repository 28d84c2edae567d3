import type { Environment } from '../../model/environment';
import { noAzureZone } from './errors';

/** A zone that exists before the first deploy, as Azure knows it. */
export interface DnsZone {
  readonly zoneName: string;
  readonly resourceGroupName: string;
}

/** The zone of an environment. Throws where its names do not lie with Azure. */
export function dnsZone({ dns: { zone, resourceGroup } }: Environment): DnsZone {
  if (resourceGroup === undefined) throw noAzureZone(zone);
  return { zoneName: zone, resourceGroupName: resourceGroup };
}
