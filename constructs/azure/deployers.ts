import { DataAzurermClientConfig } from '@cdktf/provider-azurerm/lib/data-azurerm-client-config';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { secretsOf } from '../../model/lookup';

/** The site that is deployed to. */
export interface DeployersProps {
  readonly environment: Environment;
  readonly siteName: string;
}

/** Whoever deploys: the group that the site or its environment names, else the one who applies first. */
export class Deployers extends Construct {
  public readonly tenantId: string;
  public readonly subscriptionId: string;
  private readonly namedId: string | undefined;
  private readonly currentId: string;

  public constructor(scope: Construct, id: string, { environment, siteName }: DeployersProps) {
    super(scope, id);
    const secrets = secretsOf(environment, siteName);
    const client = new DataAzurermClientConfig(this, 'client');
    this.tenantId = client.tenantId;
    this.subscriptionId = client.subscriptionId;
    this.namedId = secrets.kind === 'keyvault' ? secrets.deployersId : undefined;
    this.currentId = client.objectId;
  }

  /**
   * Gives them a role. In the first stack, because a role takes minutes to work and later stacks need it at once.
   * @param on id of what it is about
   */
  public grant(scope: Construct, role: string, on: string): void {
    new RoleAssignment(scope, 'deployer', {
      scope: on,
      roleDefinitionName: role,
      principalId: this.namedId ?? this.currentId,
      // Somebody else's apply must not take the role from whoever has it.
      ...(this.namedId === undefined ? { lifecycle: { ignoreChanges: ['principal_id'] } } : {}),
    });
  }
}
