import { ConstructError } from '../core/errors';

/** What Terraform says when a machine has not filled its slot. */
export const unpublishedSecret = (name: string): string =>
  `secret '${name}' is still "pending": its machine has not published it; see the bootstrap log of the first server, then apply again`;

/** A key that no machine of AWS could read. */
export const keyOutsideParameters = (kind: string): ConstructError =>
  new ConstructError(
    `'zabbix.pskSecret' is a secret of kind '${kind}', machines of AWS read it as 'ssm' alone; write 'ssm:/path'`,
  );

/** What Terraform says when one apply would renew several machines; `keys` is an expression of theirs. */
export const renewedTogether = (what: string, keys: string): string =>
  `more than one ${what} would be renewed in one apply: ${keys}; raise one number, apply, wait until it is healthy, then raise the next`;

/** A zone that the site's network has no subnets in. */
export const noSubnet = (zone: string, site: string): ConstructError =>
  new ConstructError(
    `site '${site}' has no subnets in zone '${zone}'; add the zone to the site, or let no machine stand in it`,
  );
