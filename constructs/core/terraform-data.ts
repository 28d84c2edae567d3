import { TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

/** What a `terraform_data` remembers. */
export interface TerraformDataProps {
  /** Any value; a change of it triggers whoever names this resource in `replaceTriggeredBy`. */
  readonly input?: unknown;
}

/** `terraform_data`; cdktf's own DataResource starts `terraform version` for each one. */
export class TerraformData extends TerraformResource {
  private readonly input: unknown;

  public constructor(scope: Construct, id: string, props: TerraformDataProps = {}) {
    super(scope, id, { terraformResourceType: 'terraform_data' });
    this.input = props.input;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return this.input === undefined ? {} : { input: this.input };
  }
}
