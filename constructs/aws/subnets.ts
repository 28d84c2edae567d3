import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Construct } from 'constructs';
import { planSubnets } from '../../model/network-plan';
import type { AwsSiteSpec } from '../../model/spec/site';

/** Ids of the subnets of one zone. */
export interface ZoneSubnets {
  /** NAT gateways and public load balancers; no machines. */
  readonly public: string;
  /** Workers, internal load balancers, endpoints. */
  readonly private: string;
  /** Servers only: their addresses are fixed, so nothing else may take one. */
  readonly servers: string;
}

/** Where subnets lie and what they are called. */
export interface SubnetsProps {
  readonly vpcId: string;
  readonly site: AwsSiteSpec;
  /** First part of the names of the subnets. */
  readonly name: string;
}

/** The subnets of a site. None gives its machines public addresses. */
export class Subnets extends Construct {
  /** Subnet ids by zone letter. */
  public readonly byZone: Readonly<Record<string, ZoneSubnets>>;

  public constructor(scope: Construct, id: string, props: SubnetsProps) {
    super(scope, id);
    const { site, vpcId, name } = props;
    const zones = Object.entries(planSubnets(site)).map(([zone, cidrs]): [string, ZoneSubnets] => {
      const inZone = new Construct(this, zone);
      const subnet = (kind: keyof ZoneSubnets): string =>
        new Subnet(inZone, kind, {
          vpcId,
          cidrBlock: cidrs[kind],
          availabilityZone: `${site.region}${zone}`,
          mapPublicIpOnLaunch: false,
          tags: { Name: `${name}-${kind}-${zone}` },
        }).id;
      return [zone, { public: subnet('public'), private: subnet('private'), servers: subnet('servers') }];
    });
    this.byZone = Object.fromEntries(zones);
  }
}
