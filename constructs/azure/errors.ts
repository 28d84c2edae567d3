import { ConstructError } from '../core/errors';

/** A network without zones to spread over. */
export const noZones = (network: string): ConstructError =>
  new ConstructError(`network '${network}' has no zones; name three in 'zones' of the site`);

/** A network that everybody is in was let into the servers' own ports. */
export const openPlane = (clusterName: string, cidr: string): ConstructError =>
  new ConstructError(
    `'planeCidrs' of cluster '${clusterName}' must not hold '${cidr}': the Kubernetes API is never open to the world; ` +
      'name the networks of the deployer, or use a port forward (management.access.endpoint)',
  );

/** A zone that the site's network has no subnet of servers in. */
export const noSubnet = (zone: string, site: string): ConstructError =>
  new ConstructError(
    `site '${site}' has no subnet of servers in zone '${zone}'; add the zone to the site, or let no server stand in it`,
  );

/** A name that the environment's zone can't hold. */
export const nameOutsideZone = (name: string, zone: string): ConstructError =>
  new ConstructError(`'${name}' does not lie in the zone '${zone}'; choose a name that ends in '.${zone}'`);

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

/** A key that no machine of Azure could read. */
export const keyOutsideVault = (field: string, kind: string): ConstructError =>
  new ConstructError(
    `'${field}' is a secret of kind '${kind}', machines of Azure read it as 'keyvault' alone; write 'keyvault:name'`,
  );

/** What Terraform says when a machine has not filled its slot. */
export const unpublishedSecret = (name: string): string =>
  `secret '${name}' is still "pending": its machine has not published it; see the bootstrap log of the first server, then apply again`;

/** What Terraform says when one apply would renew several machines; `keys` is an expression of theirs. */
export const renewedTogether = (what: string, keys: string): string =>
  `more than one ${what} would be renewed in one apply: ${keys}; raise one number, apply, wait until it is healthy, then raise the next`;
