import type { Environment } from '../model/environment';
import { identityOf, siteIdentityOf, tagsOf } from '../model/identity';
import { clusterOf, siteOf, storeOwnerOf } from '../model/lookup';
import type { EnvironmentStack } from './environment-stack';
import { platformElsewhere } from './errors';
import type { IPlatform, SiteOwner } from './platforms/platform';
import { platformOf } from './platforms/platform-of';

type Tags = Readonly<Record<string, string>>;

/**
 * Configures the platform of a cluster in a stack, with the cluster's identity on everything it makes. For an imported
 * member it is the management cluster's, where its secrets lie.
 */
export function clusterPlatform(stack: EnvironmentStack, environment: Environment, clusterName: string): IPlatform {
  const siteName = clusterOf(environment, storeOwnerOf(environment, clusterName)).site;
  return configured(stack, { environment, siteName }, clusterTags(environment, clusterName));
}

/**
 * The platform that opens what Rancher handed over: it lies in the store of the management cluster's site. Where a
 * cluster stands on another platform, this one is configured beside it, with the cluster's identity too; where it stands
 * on the same, one serves for both, because a secret says itself where it lies.
 */
export function managementPlatform(stack: EnvironmentStack, environment: Environment, clusterName: string): IPlatform {
  const siteName = environment.management.site;
  return stack.platformSites.has(siteOf(environment, siteName).platform)
    ? platformOf(environment, siteName)
    : configured(stack, { environment, siteName }, clusterTags(environment, clusterName));
}

/** Configures the platform of a site in a stack, with the site's identity on everything it makes. */
export function sitePlatform(stack: EnvironmentStack, environment: Environment, siteName: string): IPlatform {
  const tags = tagsOf(siteIdentityOf(environment, siteName), environment.tags);
  return configured(stack, { environment, siteName }, tags);
}

/** A platform is configured once in a stack: what is made there lies in one site. */
function configured(stack: EnvironmentStack, site: SiteOwner, tags: Tags): IPlatform {
  const { environment, siteName } = site;
  const platform = platformOf(environment, siteName);
  const { platform: name } = siteOf(environment, siteName);
  const known = stack.platformSites.get(name);
  if (known !== undefined && known !== siteName) throw platformElsewhere(stack.node.id, name, known, siteName);
  if (known === undefined) platform.provider(stack, site, tags);
  stack.platformSites.set(name, siteName);
  return platform;
}

function clusterTags(environment: Environment, clusterName: string): Tags {
  return tagsOf(identityOf(environment, clusterName), environment.tags);
}
