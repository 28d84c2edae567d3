import { DataAwsRoute53Zone } from '@cdktf/provider-aws/lib/data-aws-route53-zone';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { dnsOf } from '../../model/lookup';

const ID = 'zone';

/** Id of a site's zone, which exists before the first deploy; looked up once a stack. */
export function dnsZoneId(scope: Construct, environment: Environment, siteName: string): string {
  const stack = TerraformStack.of(scope);
  const known = stack.node.tryFindChild(ID);
  if (known instanceof DataAwsRoute53Zone) return known.zoneId;
  const { zone, public: isPublic } = dnsOf(environment, siteName);
  return new DataAwsRoute53Zone(stack, ID, { name: zone, privateZone: !isPublic }).zoneId;
}
