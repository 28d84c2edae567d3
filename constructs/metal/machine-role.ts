import { ApproleAuthBackendRole } from '@cdktf/provider-vault/lib/approle-auth-backend-role';
import { ApproleAuthBackendRoleSecretId } from '@cdktf/provider-vault/lib/approle-auth-backend-role-secret-id';
import { Policy } from '@cdktf/provider-vault/lib/policy';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { vaultOf } from '../../model/lookup';
import { namePartsOf, type Belonging } from '../platform/belonging';
import type { INetwork } from '../platform/network';
import type { ISecret } from '../platform/secret-store';
import { zabbixGrants } from './zabbix';

/** A right on exactly one path of Vault. */
export interface Grant {
  readonly path: string;
  readonly capabilities: readonly ('create' | 'read' | 'update')[];
}

/** Who the host is. */
export type MachineRoleProps = Belonging & {
  /** Where it stands; the Vault of that site knows it. */
  readonly network: Pick<INetwork, 'siteName'>;
  /** Name of the host. */
  readonly host: string;
  /** Its address; nobody else logs in with its role. */
  readonly address: string;
  readonly grants: readonly Grant[];
};

/** Time in which a host must fetch the secret that proves its role; once, and nobody after it. */
const WRAPPING_TTL = '24h';

/** Seconds that one login lasts. */
const TOKEN_TTL_SEC = 1200;

/** The identity of one host in Vault, limited to what it needs. */
export class MachineRole extends Construct {
  /** By which the host logs in; not a secret. */
  public readonly roleId: string;
  /** What must exist before the host logs in. */
  public readonly rights: readonly ITerraformDependable[];
  private readonly place: { readonly backend: string; readonly roleName: string };

  public constructor(scope: Construct, id: string, props: MachineRoleProps) {
    super(scope, id);
    const { environment, network, host, address } = props;
    const { approleMount } = vaultOf(environment, network.siteName);
    const name = ['drover', ...namePartsOf(props), host].join('.');
    const grants = [...props.grants, ...zabbixGrants(environment, network.siteName)];
    const policy = new Policy(this, 'policy', { name, policy: policyText(grants) });
    const only = [`${address}/32`];
    const role = new ApproleAuthBackendRole(this, 'role', {
      backend: approleMount,
      roleName: name,
      // Told to the host in its settings, which are then known before anything is made.
      roleId: name,
      tokenPolicies: [policy.name],
      tokenNoDefaultPolicy: true,
      tokenTtl: TOKEN_TTL_SEC,
      tokenMaxTtl: TOKEN_TTL_SEC,
      tokenBoundCidrs: only,
      secretIdBoundCidrs: only,
    });
    this.roleId = name;
    this.place = { backend: approleMount, roleName: role.roleName };
    this.rights = [role];
  }

  /**
   * Expression of a token by which the host fetches the secret that proves its role: once, within a day. The secret
   * itself lies in no state; whoever took it from there by this token would be noticed, because the host could not.
   * The host keeps the secret as long as it is in its cluster, and nobody uses it from another address.
   * @param occasion what the host is brought; another one needs another token
   */
  public wrappedSecret(occasion: Readonly<Record<string, string>>): string {
    return new ApproleAuthBackendRoleSecretId(this, 'secret-id', {
      ...this.place,
      metadata: Fn.jsonencode(occasion),
      wrappingTtl: WRAPPING_TTL,
      withWrappedAccessor: true,
    }).wrappingToken;
  }
}

/** Reads of exactly this secret. */
export const secretRead = (secret: ISecret): Grant => ({ path: secret.handle, capabilities: ['read'] });

/** Reads and writes of exactly this secret. */
export const secretWrite = (secret: ISecret): Grant => ({
  path: secret.handle,
  capabilities: ['create', 'read', 'update'],
});

/** @see https://developer.hashicorp.com/vault/docs/concepts/policies */
function policyText(grants: readonly Grant[]): string {
  if (grants.length === 0) return '# nothing';
  return grants
    .map(({ path, capabilities }) => `path "${path}" {\n  capabilities = ${JSON.stringify(capabilities)}\n}\n`)
    .join('');
}
