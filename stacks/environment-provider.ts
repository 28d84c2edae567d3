import type { Construct } from 'constructs';
import type { Environment } from '../model/environment';
import { identityOf, siteIdentityOf, tagsOf } from '../model/identity';
import { clusterOf, storeOwnerOf } from '../model/lookup';
import type { IPlatform } from './platforms/platform';
import { platformOf } from './platforms/platform-of';

/**
 * Configures the platform of a cluster in a stack, with the cluster's identity on everything it makes. For an imported
 * member it is the management cluster's, where its secrets lie.
 */
export function clusterPlatform(scope: Construct, environment: Environment, clusterName: string): IPlatform {
  const siteName = clusterOf(environment, storeOwnerOf(environment, clusterName)).site;
  const platform = platformOf(environment, siteName);
  platform.provider(scope, { environment, siteName }, tagsOf(identityOf(environment, clusterName), environment.tags));
  return platform;
}

/** Configures the platform of a site in a stack, with the site's identity on everything it makes. */
export function sitePlatform(scope: Construct, environment: Environment, siteName: string): IPlatform {
  const platform = platformOf(environment, siteName);
  platform.provider(scope, { environment, siteName }, tagsOf(siteIdentityOf(environment, siteName), environment.tags));
  return platform;
}
