import type { Environment } from '../../model/environment';
import { dnsOf } from '../../model/lookup';
import { noAzureZone } from './errors';

/** A zone that exists before the first deploy, as Azure knows it. */
export interface DnsZone {
  readonly zoneName: string;
  readonly resourceGroupName: string;
}

/** The zone of a site. Throws where its names do not lie with Azure. */
export function dnsZone(environment: Environment, siteName: string): DnsZone {
  const { zone, resourceGroup } = dnsOf(environment, siteName);
  if (resourceGroup === undefined) throw noAzureZone(zone);
  return { zoneName: zone, resourceGroupName: resourceGroup };
}
