import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import { namePartsOf } from '../platform/belonging';
import type { ISecret } from '../platform/secret-store';
import type { MachinePlace } from './machine-owner';
import { zabbixGrants } from './zabbix';

/** A role of Azure on exactly one thing. */
export interface Grant {
  /** Name of the role, as Azure calls it. */
  readonly role: string;
  /** Id of what it is about: a secret, a container, a group. */
  readonly scope: string;
}

/** By what each is for, which becomes part of its address. */
export type Grants = Readonly<Record<string, Grant>>;

/** Who the machines are. */
export interface MachineRoleProps extends MachinePlace {
  /** What the machines are for: `servers`, the name of a node group, or the key of a machine that is in no cluster. */
  readonly purpose: string;
}

/** The identity of the servers of a cluster, of one node group or of one machine; limited to what they need. */
export class MachineRole extends Construct {
  /** For machines. */
  public readonly identityId: string;
  /** By which a machine asks for its tokens. */
  public readonly clientId: string;
  private readonly principalId: string;
  private readonly granted: ITerraformDependable[] = [];

  public constructor(scope: Construct, id: string, props: MachineRoleProps) {
    super(scope, id);
    const { environment, clusterName, network, purpose, group, bundle } = props;
    const identity = new UserAssignedIdentity(this, 'identity', {
      ...group.place,
      name: physicalName('azureIdentity', ['drover', ...namePartsOf({ environment, network, clusterName }), purpose]),
    });
    this.identityId = identity.id;
    this.clientId = identity.clientId;
    this.principalId = identity.principalId;
    this.grant({
      bundle: { role: 'Storage Blob Data Reader', scope: bundle.resource },
      ...zabbixGrants(environment, network),
    });
  }

  /** What must exist before a machine starts, or its first calls are refused. */
  public get rights(): readonly ITerraformDependable[] {
    return this.granted;
  }

  /** Lets the machines do more; before any of them is made. */
  public grant(grants: Grants): void {
    for (const [key, { role, scope }] of Object.entries(grants)) {
      const assignment = new RoleAssignment(this, key, {
        scope,
        roleDefinitionName: role,
        principalId: this.principalId,
        principalType: 'ServicePrincipal',
      });
      this.granted.push(assignment);
    }
  }
}

/** Reads of exactly this secret. */
export const secretRead = (secret: ISecret): Grant => ({ role: 'Key Vault Secrets User', scope: secret.handle });

/** Reads and writes of exactly this secret. */
export const secretWrite = (secret: ISecret): Grant => ({ role: 'Key Vault Secrets Officer', scope: secret.handle });
