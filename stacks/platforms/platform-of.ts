import type { Environment } from '../../model/environment';
import { unknownPlatform } from '../../model/errors';
import { siteOf } from '../../model/lookup';
import { awsPlatform } from './aws-platform';
import { azurePlatform } from './azure-platform';
import { metalPlatform } from './metal-platform';
import type { IPlatform } from './platform';

/** The platform that a site stands on. */
export function platformOf(environment: Environment, siteName: string): IPlatform {
  const site = siteOf(environment, siteName);
  switch (site.platform) {
    case 'aws':
      return awsPlatform;
    case 'azure':
      return azurePlatform;
    case 'metal':
      return metalPlatform;
    default:
      return unknownPlatform(site);
  }
}
