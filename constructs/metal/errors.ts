import { ConstructError } from '../core/errors';

/** A host that the site does not have. */
export const noSuchHost = (host: string, site: string, known: readonly string[]): ConstructError =>
  new ConstructError(`no host '${host}' in site '${site}': it has ${known.map((it) => `'${it}'`).join(', ')}`);

/** A server without a place for what makes it itself. */
export const noDataDisk = (host: string, site: string): ConstructError =>
  new ConstructError(
    `host '${host}' has no disk for data, which a server needs; set 'sites.${site}.hosts.${host}.disks.data'`,
  );

/** A storage node without a place for its copy. */
export const noBrickDisk = (host: string, site: string): ConstructError =>
  new ConstructError(
    `host '${host}' has no disk for a brick, which a storage node needs; set 'sites.${site}.hosts.${host}.disks.brick'`,
  );

/** What is said at synth of copies that one failure takes away together. */
export const bricksInOneRack = (clusterName: string, hosts: readonly string[], rack: string): string =>
  `storage nodes ${hosts.map((host) => `'${host}'`).join(', ')} of cluster '${clusterName}' stand in one rack, '${rack}': ` +
  'without it there is no majority, and files can be neither read nor written until it is back';

/** A machine without the disk that it is to mount. */
export const noDataDiskOfMachine = (host: string, site: string): ConstructError =>
  new ConstructError(
    `host '${host}' has no disk for data, which its machine mounts; set 'sites.${site}.hosts.${host}.disks.data'`,
  );

/** A cluster that nothing leads to. */
export const noLoadBalancer = (clusterName: string): ConstructError =>
  new ConstructError(`cluster '${clusterName}' has no hosts with a virtual address; name them in its 'loadBalancer'`);

/** What Terraform says when hosts are gone from the data that were never told to leave; `hosts` is an expression. */
export const goneWithoutLeaving = (clusterName: string, hosts: string): string =>
  `hosts of cluster '${clusterName}' are no longer in it and were not told to leave: ${hosts}; name them in 'leaving' of their site, apply, then take them out of its 'hosts'`;

/** The same of machines that are in no cluster. */
export const machinesGone = (siteName: string, hosts: string): string =>
  `hosts of site '${siteName}' are no longer among its machines and were not told to leave: ${hosts}; name them in 'leaving' of the site, apply, then take them out of its 'hosts'`;
