import { DnsARecord } from '@cdktf/provider-azurerm/lib/dns-a-record';
import { PrivateDnsARecord } from '@cdktf/provider-azurerm/lib/private-dns-a-record';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { dnsOf } from '../../model/lookup';
import type { IDnsRecord } from '../platform/dns';
import { nameOutsideZone } from '../platform/errors';
import { dnsZone } from './dns-zone';

/** A name and the addresses that it leads to. */
export interface DnsRecordProps {
  readonly environment: Environment;
  /** Site whose zone holds the name. */
  readonly siteName: string;
  /** Fully qualified name without the closing dot, in that zone; a leading `*` takes any label. */
  readonly name: string;
  readonly addresses: readonly string[];
}

/** Seconds that resolvers keep an answer. The addresses are static. */
const TTL_SEC = 300;

/** A name for fixed addresses. */
export class DnsRecord extends Construct implements IDnsRecord {
  public readonly name: string;

  public constructor(scope: Construct, id: string, props: DnsRecordProps) {
    super(scope, id);
    const { environment, siteName, name, addresses } = props;
    const { zoneName, resourceGroupName } = dnsZone(environment, siteName);
    if (name !== zoneName && !name.endsWith(`.${zoneName}`)) throw nameOutsideZone(name, zoneName);
    this.name = name;
    const Record = dnsOf(environment, siteName).public ? DnsARecord : PrivateDnsARecord;
    new Record(this, 'record', {
      name: name === zoneName ? '@' : name.slice(0, -zoneName.length - 1),
      zoneName,
      resourceGroupName,
      ttl: TTL_SEC,
      records: [...addresses],
    });
  }
}
