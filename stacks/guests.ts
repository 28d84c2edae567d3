import { TerraformOutput, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { RancherRegistration, type RancherRegistrationProps } from '../constructs/bootstrap/rancher-registration';
import { openFlows } from '../constructs/platform/open-flows';
import { groupsIn, isMixed } from '../model/guests';
import { guestPlatform } from './guest-provider';
import { memberSpec } from './member-spec';
import type { ClusterOwner, ISite } from './platforms/platform';

/** A member, and the sites that are linked with its own. */
export interface GuestsProps extends ClusterOwner {
  readonly sites: readonly ISite[];
  /** What Rancher gave out for the machines of the member. */
  readonly wayIn: Omit<RancherRegistrationProps, 'store' | 'guestOf'>;
}

/** What a member has on other sites than its own: node groups, each with a way in of its site's own store. */
export class Guests extends Construct {
  /** What a consumer depends on to come after their machines. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { environment, clusterName, sites, wayIn }: GuestsProps) {
    super(scope, id);
    const owner = { environment, clusterName };
    const spec = memberSpec(environment, clusterName);
    this.ready = sites.flatMap((site) => {
      const { siteName } = site;
      const onSite = new Construct(this, siteName);
      guestPlatform(onSite, environment, clusterName, siteName);
      const registration =
        Object.keys(groupsIn(spec, siteName)).length === 0
          ? undefined
          : new RancherRegistration(onSite, 'registration', {
              ...wayIn,
              store: site.secretStore(onSite, 'secrets', owner),
              guestOf: siteName,
            });
      return site.guests(onSite, { ...owner, registration });
    });
    if (!isMixed(spec)) return;
    const links = new TerraformOutput(this, 'links', {
      value: openFlows(environment, clusterName),
      description: 'What must be open between the sites of the cluster, in both directions of the links',
    });
    links.overrideLogicalId('links');
  }
}
