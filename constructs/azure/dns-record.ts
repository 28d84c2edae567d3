import { DnsARecord } from '@cdktf/provider-azurerm/lib/dns-a-record';
import { PrivateDnsARecord } from '@cdktf/provider-azurerm/lib/private-dns-a-record';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import type { IDnsRecord } from '../platform/dns';
import { dnsZone } from './dns-zone';
import { nameOutsideZone } from './errors';

/** A name and the addresses that it leads to. */
export interface DnsRecordProps {
  readonly environment: Environment;
  /** Fully qualified name without the closing dot, in the environment's zone; a leading `*` takes any label. */
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
    const { environment, name, addresses } = props;
    const { zoneName, resourceGroupName } = dnsZone(environment);
    if (name !== zoneName && !name.endsWith(`.${zoneName}`)) throw nameOutsideZone(name, zoneName);
    this.name = name;
    const Record = environment.dns.public ? DnsARecord : PrivateDnsARecord;
    new Record(this, 'record', {
      name: name === zoneName ? '@' : name.slice(0, -zoneName.length - 1),
      zoneName,
      resourceGroupName,
      ttl: TTL_SEC,
      records: [...addresses],
    });
  }
}
