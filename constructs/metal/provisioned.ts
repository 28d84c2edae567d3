import { TerraformResource, type ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { Connection } from './ssh';

/** One thing that is done on a host. */
export type Provisioner =
  | { readonly file: { readonly source?: string; readonly content?: string; readonly destination: string } }
  | {
      readonly 'remote-exec': {
        readonly inline: readonly string[];
        /** @default - when the resource is made */
        readonly when?: 'destroy';
        readonly connection?: Connection;
      };
    };

/** What is done on a host, and when it is done anew. */
export interface ProvisionedProps {
  /** Facts that are remembered; a provisioner of the end finds them in `self.input`. */
  readonly input?: unknown;
  /** A change of one of these does everything anew. */
  readonly triggers?: readonly unknown[];
  /** @default - each provisioner's own */
  readonly connection?: Connection;
  readonly provisioners: readonly Provisioner[];
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * A `terraform_data` whose making or end is work on a host. cdktf 0.21 knows no provisioner of the end
 * (https://developer.hashicorp.com/terraform/language/resources/provisioners/syntax#destroy-time-provisioners).
 */
export class Provisioned extends TerraformResource {
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ProvisionedProps,
  ) {
    super(scope, id, {
      terraformResourceType: 'terraform_data',
      ...(props.dependsOn === undefined ? {} : { dependsOn: [...props.dependsOn] }),
    });
    this.addOverride('provisioner', props.provisioners);
    if (props.connection !== undefined) this.addOverride('connection', props.connection);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { input, triggers } = this.props;
    return {
      ...(input === undefined ? {} : { input }),
      ...(triggers === undefined ? {} : { triggers_replace: triggers }),
    };
  }
}
