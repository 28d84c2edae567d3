import type { Environment } from '../../model/environment';
import { identityOf, siteIdentityOf, type Identity, type SiteIdentity } from '../../model/identity';
import { machineName, nodeName } from '../../model/node-name';
import type { INetwork } from './network';

/** What machines belong to: a cluster, or a site and no cluster at all. */
export type Belonging = { readonly environment: Environment } & (
  { readonly clusterName: string } | { readonly clusterName?: undefined; readonly network: Pick<INetwork, 'siteName'> }
);

/** Parts of physical names. Those of a site are one more, so that they never meet those of a cluster of its name. */
export function namePartsOf(owner: Belonging): string[] {
  const { name } = owner.environment;
  return owner.clusterName === undefined ? [name, owner.network.siteName, 'machines'] : [name, owner.clusterName];
}

/** Name of a machine, which stays when it is renewed. @param key of a node in its cluster, or of a machine in its site */
export function machineNameOf(owner: Belonging, key: string): string {
  return owner.clusterName === undefined
    ? machineName(owner.environment, owner.network.siteName, key)
    : nodeName(owner.environment, owner.clusterName, key);
}

/** Who machines are, in tags and on themselves. */
export function identityOfOwner(owner: Belonging): SiteIdentity & Partial<Pick<Identity, 'cluster'>> {
  return owner.clusterName === undefined
    ? siteIdentityOf(owner.environment, owner.network.siteName)
    : identityOf(owner.environment, owner.clusterName);
}

/** How messages call a machine: `machine 'files' of site 'eu'`. */
export const machineOfSite = (key: string, siteName: string): string => `machine '${key}' of site '${siteName}'`;
