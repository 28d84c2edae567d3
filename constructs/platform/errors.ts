import { ConstructError } from '../core/errors';

/** A network that everybody is in was let into the servers' own ports. */
export const openPlane = (clusterName: string, cidr: string): ConstructError =>
  new ConstructError(
    `'planeCidrs' of cluster '${clusterName}' must not hold '${cidr}': the Kubernetes API is never open to the world; ` +
      'name the networks of the deployer, or use a port forward (management.access.endpoint)',
  );

/** A name that the environment's zone can't hold. */
export const nameOutsideZone = (name: string, zone: string): ConstructError =>
  new ConstructError(`'${name}' does not lie in the zone '${zone}'; choose a name that ends in '.${zone}'`);

/** How machines of a platform read a secret that a person names. */
export interface SecretReading {
  /** Who reads, such as `machines of AWS`. */
  readonly readers: string;
  /** The kind of secret that they can read. */
  readonly kind: string;
  /** How such a secret is written. */
  readonly form: string;
}

/** A secret that no machine of the platform could read. @param field where the environment names it */
export const keyOutsideStore = (field: string, got: string, { readers, kind, form }: SecretReading): ConstructError =>
  new ConstructError(`'${field}' is a secret of kind '${got}', ${readers} read it as '${kind}' alone; write '${form}'`);

/** What Terraform says when a machine has not filled its slot. @param publisher what the platform calls a machine */
export const unpublishedSecret = (name: string, publisher: 'machine' | 'host'): string =>
  `secret '${name}' is still "pending": its ${publisher} has not published it; see the bootstrap log of the first server, then apply again`;

/** What Terraform says when one apply would renew several machines; `keys` is an expression of theirs. */
export const renewedTogether = (what: string, keys: string): string =>
  `more than one ${what} would be renewed in one apply: ${keys}; raise one number, apply, wait until it is healthy, then raise the next`;
