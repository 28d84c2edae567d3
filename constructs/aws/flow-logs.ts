import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName } from '../../model/naming';
import type { AwsSiteSpec } from '../../model/spec/site';
import { policyDocument } from './policy-document';

/** Whose traffic is written down. */
export interface FlowLogsProps {
  readonly environment: Environment;
  readonly siteName: string;
  readonly vpcId: string;
  readonly accountId: string;
  readonly kmsKeyArn: string;
  /** Days that the logs are kept. */
  readonly retentionDays: AwsSiteSpec['flowLogRetentionDays'];
}

/** Who spoke with whom in the network, accepted or refused. */
export class FlowLogs extends Construct {
  public constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const { environment, siteName } = props;
    const group = new CloudwatchLogGroup(this, 'group', {
      name: physicalName('awsLogGroup', ['drover', environment.name, siteName, 'flow-logs']),
      retentionInDays: props.retentionDays,
      kmsKeyId: props.kmsKeyArn,
    });
    new FlowLog(this, 'log', {
      vpcId: props.vpcId,
      trafficType: 'ALL',
      logDestinationType: 'cloud-watch-logs',
      logDestination: group.arn,
      iamRoleArn: this.writer(props, group.arn).arn,
    });
  }

  private writer({ environment, siteName, accountId }: FlowLogsProps, groupArn: string): IamRole {
    const role = new IamRole(this, 'role', {
      name: physicalName('awsIamRole', ['drover', environment.name, siteName, 'flow-logs']),
      description: `Flow logs of site ${siteName}`,
      assumeRolePolicy: policyDocument([
        {
          Sid: 'FlowLogs',
          Effect: 'Allow',
          Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
        },
      ]),
    });
    new IamRolePolicy(this, 'policy', {
      name: 'write',
      role: role.name,
      policy: policyDocument([
        {
          Sid: 'Write',
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
          Resource: [groupArn, `${groupArn}:*`],
        },
        // The service asks for the group before it writes; the action knows no narrower resource.
        { Sid: 'Find', Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' },
      ]),
    });
    return role;
  }
}
