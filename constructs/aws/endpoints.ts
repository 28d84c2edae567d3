import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { endpointPolicy, storageEndpointPolicy } from './endpoint-policy';

/** Where endpoints stand and whom they serve. */
export interface EndpointsProps {
  readonly vpcId: string;
  readonly cidr: string;
  readonly region: string;
  /** One subnet a zone. */
  readonly subnetIds: readonly string[];
  /** Tables that get a route to S3. */
  readonly routeTableIds: readonly string[];
  readonly accountId: string;
  readonly partition: string;
  /** First part of the names. */
  readonly name: string;
}

/** What machines call at first boot and while they run; without the NAT gateway these still answer. */
const INTERFACE_SERVICES = [
  'ssm',
  'ssmmessages',
  'ec2messages',
  'ec2',
  'autoscaling',
  'kms',
  'sts',
  'logs',
  'elasticloadbalancing',
] as const;

/** Private ways to the services of AWS. */
export class Endpoints extends Construct {
  public constructor(scope: Construct, id: string, props: EndpointsProps) {
    super(scope, id);
    const { vpcId, region, name } = props;
    new VpcEndpoint(this, 's3', {
      vpcId,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: [...props.routeTableIds],
      policy: storageEndpointPolicy(props),
      tags: { Name: `${name}-s3` },
    });
    const group = this.group(props);
    for (const service of INTERFACE_SERVICES) {
      new VpcEndpoint(this, service, {
        vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: 'Interface',
        subnetIds: [...props.subnetIds],
        securityGroupIds: [group.id],
        privateDnsEnabled: true,
        policy: endpointPolicy(service, props),
        tags: { Name: `${name}-${service}` },
      });
    }
  }

  private group({ vpcId, cidr, name }: EndpointsProps): SecurityGroup {
    const group = new SecurityGroup(this, 'group', {
      name: `${name}-endpoints`,
      description: 'Endpoints of AWS services',
      vpcId,
      tags: { Name: `${name}-endpoints` },
    });
    new VpcSecurityGroupIngressRule(this, 'from-site', {
      securityGroupId: group.id,
      cidrIpv4: cidr,
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      description: 'AWS services for the machines of the site',
    });
    return group;
  }
}
