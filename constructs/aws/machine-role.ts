import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import { machineStatements, type MachineOwner } from './machine-statements';
import { policyDocument, type Statement } from './policy-document';

/** Who the machines are, and what they may do beyond any machine. */
export interface MachineRoleProps extends MachineOwner {
  /** What the machines are for: `servers`, or the name of a node group. */
  readonly purpose: string;
  readonly statements: readonly Statement[];
}

/** The identity of the servers of a cluster or of one node group; limited to what they need. */
export class MachineRole extends Construct {
  /** For machines. */
  public readonly profileName: string;
  /** For launch templates. */
  public readonly profileArn: string;
  /** What must exist before a machine starts, or its first calls are refused. */
  public readonly rights: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: MachineRoleProps) {
    super(scope, id);
    const parts = ['drover', props.environment.name, props.clusterName, props.purpose];
    const role = new IamRole(this, 'role', {
      name: physicalName('awsIamRole', parts),
      description: `Machines of cluster ${props.clusterName}: ${props.purpose}`,
      assumeRolePolicy: policyDocument([
        { Sid: 'Machines', Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]),
    });
    this.rights = new IamRolePolicy(this, 'policy', {
      name: 'machine',
      role: role.name,
      policy: policyDocument([...machineStatements(props), ...props.statements]),
    });
    const profile = new IamInstanceProfile(this, 'profile', {
      name: physicalName('awsInstanceProfile', parts),
      role: role.name,
    });
    this.profileName = profile.name;
    this.profileArn = profile.arn;
  }
}
