import { TerraformElement, type TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';

/** How an ephemeral resource is opened. */
export interface EphemeralResourceProps {
  /** Terraform type such as `aws_ssm_parameter`. */
  readonly type: string;
  /** Arguments by their Terraform names. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Provider to open it with. @default - the provider of the type */
  readonly provider?: TerraformProvider;
}

/**
 * A value that is opened at plan and apply and kept in no plan and no state.
 * cdktf 0.21 has no class for `ephemeral` blocks (https://developer.hashicorp.com/terraform/language/block/ephemeral).
 * A postcondition on one makes `terraform show -json` of Terraform 1.11 panic (unsupported resource mode), so there is none.
 * Its attributes may only reach write-only arguments, provider configurations and other ephemeral values of the same stack.
 */
export class EphemeralResource extends TerraformElement {
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: EphemeralResourceProps,
  ) {
    super(scope, id, `ephemeral.${props.type}`);
  }

  /** Terraform expression of an attribute, without `${}`. */
  public expression(attribute: string): string {
    return `ephemeral.${this.props.type}.${this.friendlyUniqueId}.${attribute}`;
  }

  /** Reference to an attribute. */
  public attribute(attribute: string): string {
    return `\${${this.expression(attribute)}}`;
  }

  public override toTerraform(): Record<string, unknown> {
    const { type, provider } = this.props;
    const block = {
      ...this.props.arguments,
      ...(provider ? { provider: provider.fqn } : {}),
      '//': { metadata: { path: this.node.path, uniqueId: this.friendlyUniqueId } },
    };
    return { ephemeral: { [type]: { [this.friendlyUniqueId]: block } } };
  }
}
