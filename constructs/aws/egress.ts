import { Eip } from '@cdktf/provider-aws/lib/eip';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Construct } from 'constructs';
import type { AwsSiteSpec } from '../../model/spec/site';
import type { ZoneSubnets } from './subnets';

/** What reaches the world, and through how many gateways. */
export interface EgressProps {
  readonly vpcId: string;
  readonly subnets: Readonly<Record<string, ZoneSubnets>>;
  /** One NAT gateway in the first zone, or one in each. */
  readonly nat: AwsSiteSpec['nat'];
  /** First part of the names. */
  readonly name: string;
}

/** A NAT gateway and the address that the world sees. */
interface Gateway {
  readonly id: string;
  readonly cidr: string;
}

const WORLD = '0.0.0.0/0';

/** The way out: public subnets through an internet gateway, machines through NAT gateways with fixed addresses. */
export class Egress extends Construct {
  /** Addresses that the world sees, as `/32` networks. */
  public readonly cidrs: readonly string[];
  /** Route tables of the private and servers subnets. */
  public readonly privateRouteTableIds: readonly string[];

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: EgressProps,
  ) {
    super(scope, id);
    const zones = Object.entries(props.subnets);
    const internet = this.internetGateway(zones);
    const natZones = props.nat === 'single' ? zones.slice(0, 1) : zones;
    const gateways = new Map(natZones.map(([zone, subnets]) => [zone, this.natGateway(zone, subnets, internet)]));
    const [first] = gateways.values();
    this.cidrs = [...gateways.values()].map((gateway) => gateway.cidr);
    this.privateRouteTableIds = zones.map(([zone, subnets]) =>
      this.privateRoutes(zone, subnets, gateways.get(zone) ?? first),
    );
  }

  private internetGateway(zones: readonly [string, ZoneSubnets][]): InternetGateway {
    const { vpcId, name } = this.props;
    const gateway = new InternetGateway(this, 'internet', { vpcId, tags: { Name: name } });
    const table = new RouteTable(this, 'public', { vpcId, tags: { Name: `${name}-public` } });
    new Route(this, 'public-default', {
      routeTableId: table.id,
      destinationCidrBlock: WORLD,
      gatewayId: gateway.id,
    });
    const associations = new Construct(this, 'public-subnets');
    for (const [zone, subnets] of zones) {
      new RouteTableAssociation(associations, zone, { routeTableId: table.id, subnetId: subnets.public });
    }
    return gateway;
  }

  private natGateway(zone: string, subnets: ZoneSubnets, internet: InternetGateway): Gateway {
    const scope = new Construct(this, `nat-${zone}`);
    const tags = { Name: `${this.props.name}-nat-${zone}` };
    const address = new Eip(scope, 'address', { domain: 'vpc', tags, dependsOn: [internet] });
    const gateway = new NatGateway(scope, 'gateway', {
      allocationId: address.allocationId,
      subnetId: subnets.public,
      tags,
      dependsOn: [internet],
    });
    return { id: gateway.id, cidr: `${address.publicIp}/32` };
  }

  /** A table a zone even with one gateway: going over to one in each zone then changes routes and replaces nothing. */
  private privateRoutes(zone: string, subnets: ZoneSubnets, gateway: Gateway | undefined): string {
    const scope = new Construct(this, `private-${zone}`);
    const table = new RouteTable(scope, 'table', {
      vpcId: this.props.vpcId,
      tags: { Name: `${this.props.name}-private-${zone}` },
    });
    if (gateway !== undefined) {
      new Route(scope, 'default', {
        routeTableId: table.id,
        destinationCidrBlock: WORLD,
        natGatewayId: gateway.id,
      });
    }
    new RouteTableAssociation(scope, 'private', { routeTableId: table.id, subnetId: subnets.private });
    new RouteTableAssociation(scope, 'servers', { routeTableId: table.id, subnetId: subnets.servers });
    return table.id;
  }
}
