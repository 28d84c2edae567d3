import { ConstructError } from '../core/errors';

/** A network without zones to spread over. */
export const noZones = (network: string): ConstructError =>
  new ConstructError(`network '${network}' has no zones; name three in 'zones' of the site`);

/** A zone that the site's network has no subnet of servers in. */
export const noSubnet = (zone: string, site: string): ConstructError =>
  new ConstructError(
    `site '${site}' has no subnet of servers in zone '${zone}'; add the zone to the site, or let no server stand in it`,
  );

/** An environment whose names lie elsewhere. */
export const noAzureZone = (zone: string): ConstructError =>
  new ConstructError(`zone '${zone}' has no resource group; a site on Azure needs 'dns.resourceGroup'`);

/** A bastion whose sessions nobody may open. */
export const bastionForNobody = (): ConstructError =>
  new ConstructError(
    "a bastion needs networks that people come from: name them in 'management.allowedCidrs', or leave 'bastion' out",
  );

/** A frontend that a load balancer was not made with. */
export const noFrontend = (frontend: string, known: readonly string[]): ConstructError =>
  new ConstructError(`no frontend '${frontend}': the load balancer has ${known.map((it) => `'${it}'`).join(', ')}`);

/** More rules than Azure has priorities for. */
export const tooManyRules = (clusterName: string, count: number, limit: number): ConstructError =>
  new ConstructError(`cluster '${clusterName}' needs ${count} rules in one direction, at most ${limit} are allowed`);

/** An image that is none of Azure's. */
export const notAnImage = (image: string): ConstructError =>
  new ConstructError(`image '${image}' is none of Azure; write publisher:offer:sku:version, or /subscriptions/...`);
