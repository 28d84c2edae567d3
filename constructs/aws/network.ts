import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { Route53ZoneAssociation } from '@cdktf/provider-aws/lib/route53-zone-association';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { awsSiteOf, dnsOf } from '../../model/lookup';
import type { AwsSiteSpec } from '../../model/spec/site';
import type { IBootstrapBundle } from '../platform/bundle';
import type { INetwork } from '../platform/network';
import { BundleStore } from './bundle-store';
import { dnsZoneId } from './dns-zone';
import { Egress } from './egress';
import { Endpoints } from './endpoints';
import { FlowLogs } from './flow-logs';
import { SiteKey } from './site-key';
import { Subnets } from './subnets';
import type { ZoneSubnets } from './subnets';

/** What a site's network is made of. */
export interface NetworkProps {
  readonly environment: Environment;
  /** The site's key in the environment; it must be on AWS. */
  readonly siteName: string;
}

/** The network of one AWS site, with the key and the scripts that everything in it shares. */
export class Network extends Construct implements INetwork {
  public readonly siteName: string;
  public readonly region: string;
  public readonly vpcId: string;
  public readonly cidr: string;
  /** Letters of the availability zones. */
  public readonly zones: readonly string[];
  /** Subnet ids by zone letter. */
  public readonly subnets: Readonly<Record<string, ZoneSubnets>>;
  public readonly egressCidrs: readonly string[];
  /** The site's key for disks, parameters, logs and buckets. */
  public readonly kmsKeyArn: string;
  public readonly bundle: IBootstrapBundle;
  public readonly accountId: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  public readonly partition: string;

  public constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { environment, siteName } = props;
    const site = awsSiteOf(environment, siteName);
    const name = `${environment.name}-${siteName}`;
    this.siteName = siteName;
    this.region = site.region;
    this.cidr = site.cidr;
    this.zones = site.zones;
    this.accountId = new DataAwsCallerIdentity(this, 'account').accountId;
    this.partition = new DataAwsPartition(this, 'partition').partition;

    this.kmsKeyArn = new SiteKey(this, 'key', { ...props, ...this.place() }).arn;
    this.vpcId = this.vpc(site, name).id;
    this.subnets = new Subnets(this, 'subnets', { vpcId: this.vpcId, site, name }).byZone;
    const egress = new Egress(this, 'egress', { vpcId: this.vpcId, subnets: this.subnets, nat: site.nat, name });
    this.egressCidrs = egress.cidrs;
    new Endpoints(this, 'endpoints', {
      ...this.place(),
      vpcId: this.vpcId,
      cidr: this.cidr,
      subnetIds: Object.values(this.subnets).map((subnets) => subnets.private),
      routeTableIds: egress.privateRouteTableIds,
      name,
    });
    new FlowLogs(this, 'flow-logs', {
      ...props,
      vpcId: this.vpcId,
      accountId: this.accountId,
      kmsKeyArn: this.kmsKeyArn,
      retentionDays: site.flowLogRetentionDays,
    });
    this.bundle = new BundleStore(this, 'bundle', { ...props, region: this.region, kmsKeyArn: this.kmsKeyArn });
    this.resolvePrivately(environment);
  }

  private place(): { region: string; accountId: string; partition: string } {
    return { region: this.region, accountId: this.accountId, partition: this.partition };
  }

  private vpc(site: AwsSiteSpec, name: string): Vpc {
    const vpc = new Vpc(this, 'vpc', {
      cidrBlock: site.cidr,
      // Private names of endpoints and nodes need both.
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: name },
    });
    // Every network has this group and it lets its members talk to each other; without rules nobody can use it by mistake.
    new DefaultSecurityGroup(this, 'default-group', { vpcId: vpc.id, tags: { Name: `${name}-unused` } });
    return vpc;
  }

  /** Names of a private zone are known only to the networks that are tied to it. */
  private resolvePrivately(environment: Environment): void {
    if (dnsOf(environment, this.siteName).public) return;
    new Route53ZoneAssociation(this, 'names', {
      zoneId: dnsZoneId(this, environment, this.siteName),
      vpcId: this.vpcId,
      vpcRegion: this.region,
    });
  }
}
