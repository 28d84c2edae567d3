import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { dnsOf } from '../../model/lookup';
import type { IDnsRecord } from '../platform/dns';
import { nameOutsideZone } from '../platform/errors';
import { dnsZoneId } from './dns-zone';

/** A name and the load balancer that it leads to. */
export interface DnsRecordProps {
  readonly environment: Environment;
  /** Site whose zone holds the name. */
  readonly siteName: string;
  /** Fully qualified name without the closing dot, in that zone; a leading `*` takes any label. */
  readonly name: string;
  readonly target: DnsTarget;
}

/** What Route 53 needs to know of a load balancer. */
export interface DnsTarget {
  readonly dnsName: string;
  /** Zone of the target itself, not of the record. */
  readonly zoneId: string;
}

/** A name for a load balancer. It follows the balancer's addresses without a lifetime of its own. */
export class DnsRecord extends Construct implements IDnsRecord {
  public readonly name: string;

  public constructor(scope: Construct, id: string, props: DnsRecordProps) {
    super(scope, id);
    const { environment, siteName, name, target } = props;
    const { zone } = dnsOf(environment, siteName);
    if (name !== zone && !name.endsWith(`.${zone}`)) throw nameOutsideZone(name, zone);
    this.name = name;
    new Route53Record(this, 'record', {
      zoneId: dnsZoneId(this, environment, siteName),
      name,
      type: 'A',
      // The name has no other place to lead to, so health decides nothing and would make it vanish while servers start.
      alias: { name: target.dnsName, zoneId: target.zoneId, evaluateTargetHealth: false },
    });
  }
}
