import { ConstructError } from '../core/errors';

/** A network that everybody is in was let into the servers' own ports. */
export const openPlane = (clusterName: string, cidr: string): ConstructError =>
  new ConstructError(
    `'planeCidrs' of cluster '${clusterName}' must not hold '${cidr}': the Kubernetes API is never open to the world; ` +
      'name the networks of the deployer, or use a port forward (management.access.endpoint)',
  );

/** More networks than the rules of one security group can hold. */
export const tooManyNetworks = (what: string, count: number, limit: number): ConstructError =>
  new ConstructError(
    `'${what}' holds ${count} networks, at most ${limit} are allowed: each counts as one rule a port, and a security ` +
      'group has 60; join neighbouring networks into larger ones',
  );

/** A name that the environment's zone can't hold. */
export const nameOutsideZone = (name: string, zone: string): ConstructError =>
  new ConstructError(`'${name}' does not lie in the zone '${zone}'; choose a name that ends in '.${zone}'`);

/** A role that would allow nothing. */
export const noStatements = (role: string): ConstructError =>
  new ConstructError(
    `role '${role}' has no statements: IAM refuses an empty policy; leave the role out or say what it may do`,
  );
