import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName } from '../../model/naming';
import { noStatements } from './errors';
import { STS_AUDIENCE } from './pod-identity';
import type { PodIdentity } from './pod-identity';
import { policyDocument } from './policy-document';
import type { Statement } from './policy-document';

/** The one service account that may wear the role, and what it may do. */
export interface ServiceAccountRoleProps {
  readonly environment: Environment;
  readonly clusterName: string;
  readonly podIdentity: PodIdentity;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** What it may do; at least one statement. */
  readonly statements: readonly Statement[];
}

/** IAM role of one service account of one cluster. */
export class ServiceAccountRole extends Construct {
  /** For the annotation `eks.amazonaws.com/role-arn` and AWS_ROLE_ARN. */
  public readonly arn: string;
  public readonly name: string;

  public constructor(scope: Construct, id: string, props: ServiceAccountRoleProps) {
    super(scope, id);
    const { environment, clusterName, namespace, serviceAccount } = props;
    this.name = physicalName('awsIamRole', ['drover', environment.name, clusterName, namespace, serviceAccount]);
    if (props.statements.length === 0) throw noStatements(this.name);
    const role = new IamRole(this, 'role', {
      name: this.name,
      description: `Service account ${namespace}/${serviceAccount} of cluster ${clusterName}`,
      assumeRolePolicy: policyDocument([trustIn(props)]),
    });
    new IamRolePolicy(this, 'policy', {
      name: serviceAccount,
      role: role.name,
      policy: policyDocument(props.statements),
    });
    this.arn = role.arn;
  }
}

/** Without a subject any pod of the cluster could wear the role, without an audience any token of the pod would do. */
function trustIn({ podIdentity, namespace, serviceAccount }: ServiceAccountRoleProps): Statement {
  const issuer = podIdentity.issuer.replace('https://', '');
  return {
    Sid: 'ServiceAccount',
    Effect: 'Allow',
    Principal: { Federated: podIdentity.providerArn },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
        [`${issuer}:aud`]: STS_AUDIENCE,
      },
    },
  };
}
