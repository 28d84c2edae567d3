import { Aspects, TerraformDataSource, TerraformResource, type IAspect, type TerraformProvider } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import type { Environment } from '../model/environment';
import { identityOf, tagsOf } from '../model/identity';
import type { IPlatform } from './platforms/platform';
import { platformOf } from './platforms/platform-of';

/**
 * Configures the platform of a site for what a cluster of another site has there, and lets everything of that platform
 * below `scope` be made by it. The configuration goes by the site's name: a cluster may have guests in two regions of one
 * platform, and it outlives the guests, because without it Terraform could not destroy them.
 */
export function guestPlatform(
  scope: Construct,
  environment: Environment,
  clusterName: string,
  siteName: string,
): IPlatform {
  const platform = platformOf(environment, siteName);
  const tags = tagsOf(identityOf(environment, clusterName), environment.tags);
  Aspects.of(scope).add(new MadeBy(platform.provider(scope, { environment, siteName }, tags, siteName)));
  return platform;
}

/** Lets everything of a provider's own be made by this configuration of it. */
class MadeBy implements IAspect {
  private readonly prefix: string;

  public constructor(private readonly provider: TerraformProvider) {
    this.prefix = `${provider.terraformResourceType}_`;
  }

  public visit(node: IConstruct): void {
    const isBlock = TerraformResource.isTerraformResource(node) || TerraformDataSource.isTerraformDataSource(node);
    if (isBlock && node.terraformResourceType.startsWith(this.prefix)) node.provider = this.provider;
  }
}
