import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import { namePartsOf } from '../platform/belonging';
import { machineStatements, type MachinePlace } from './machine-statements';
import { policyDocument, type Statement } from './policy-document';

/** Who the machines are, and what they may do beyond any machine. */
export interface MachineRoleProps extends MachinePlace {
  /** What the machines are for: `servers`, the name of a node group, or the key of a machine that is in no cluster. */
  readonly purpose: string;
  readonly statements: readonly Statement[];
}

/** The identity of the servers of a cluster, of one node group or of one machine; limited to what they need. */
export class MachineRole extends Construct {
  /** For machines. */
  public readonly profileName: string;
  /** For launch templates. */
  public readonly profileArn: string;
  /** What must exist before a machine starts, or its first calls are refused. */
  public readonly rights: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: MachineRoleProps) {
    super(scope, id);
    const { environment, network, clusterName, purpose } = props;
    const parts = ['drover', ...namePartsOf({ environment, network, clusterName }), purpose];
    const role = new IamRole(this, 'role', {
      name: physicalName('awsIamRole', parts),
      description:
        clusterName === undefined
          ? `Machine of site ${network.siteName}: ${purpose}`
          : `Machines of cluster ${clusterName}: ${purpose}`,
      assumeRolePolicy: policyDocument([
        { Sid: 'Machines', Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]),
    });
    this.rights = new IamRolePolicy(this, 'policy', {
      name: 'machine',
      role: role.name,
      policy: policyDocument([...machineStatements(props, purpose), ...props.statements]),
    });
    const profile = new IamInstanceProfile(this, 'profile', {
      name: physicalName('awsInstanceProfile', parts),
      role: role.name,
    });
    this.profileName = profile.name;
    this.profileArn = profile.arn;
  }
}
