import { ConstructError } from '../core/errors';

/** More networks than the rules of one security group can hold. */
export const tooManyNetworks = (what: string, count: number, limit: number): ConstructError =>
  new ConstructError(
    `'${what}' holds ${count} networks, at most ${limit} are allowed: each counts as one rule a port, and a security ` +
      'group has 60; join neighbouring networks into larger ones',
  );

/** A role that would allow nothing. */
export const noStatements = (role: string): ConstructError =>
  new ConstructError(
    `role '${role}' has no statements: IAM refuses an empty policy; leave the role out or say what it may do`,
  );

/** A zone that the site's network has no subnets in. */
export const noSubnet = (zone: string, site: string): ConstructError =>
  new ConstructError(
    `site '${site}' has no subnets in zone '${zone}'; add the zone to the site, or let no machine stand in it`,
  );
