import { FederatedIdentityCredential } from '@cdktf/provider-azurerm/lib/federated-identity-credential';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName } from '../../model/naming';
import type { GroupPlace } from './group-place';
import type { Grants } from './machine-role';
import { TOKEN_AUDIENCE, type PodIdentity } from './pod-identity';

/** The one service account that may take the identity, and what it may do. */
export interface ServiceAccountRoleProps {
  readonly environment: Environment;
  readonly clusterName: string;
  readonly group: GroupPlace;
  readonly podIdentity: PodIdentity;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly grants: Grants;
}

/** Identity of one service account of one cluster. */
export class ServiceAccountRole extends Construct {
  /** For the annotation `azure.workload.identity/client-id` and AZURE_CLIENT_ID. */
  public readonly clientId: string;

  public constructor(scope: Construct, id: string, props: ServiceAccountRoleProps) {
    super(scope, id);
    const { environment, clusterName, group, namespace, serviceAccount } = props;
    const identity = new UserAssignedIdentity(this, 'identity', {
      ...group,
      name: physicalName('azureIdentity', ['drover', environment.name, clusterName, namespace, serviceAccount]),
    });
    this.clientId = identity.clientId;
    new FederatedIdentityCredential(this, 'trust', {
      name: physicalName('azureFederatedCredential', [namespace, serviceAccount]),
      resourceGroupName: group.resourceGroupName,
      parentId: identity.id,
      issuer: props.podIdentity.issuer,
      // Without a subject any pod of the cluster could take the identity.
      subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
      audience: [TOKEN_AUDIENCE],
    });
    for (const [key, grant] of Object.entries(props.grants)) {
      new RoleAssignment(this, key, {
        scope: grant.scope,
        roleDefinitionName: grant.role,
        principalId: identity.principalId,
        principalType: 'ServicePrincipal',
      });
    }
  }
}
