import { DataAwsSsmParametersByPath } from '@cdktf/provider-aws/lib/data-aws-ssm-parameters-by-path';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import type { TerraformData } from '../core/terraform-data';
import { namePartsOf, type Belonging } from '../platform/belonging';
import { renewalGuard } from '../platform/renewal-guard';

/** The servers and the numbers that the environment asks for. */
export type RenewalsProps = Belonging & {
  /** Renewal number by server key. */
  readonly wanted: Readonly<Record<string, number>>;
  /** What one of them is called in the refusal. @default 'server' */
  readonly what?: string;
};

/**
 * Refuses a plan that would renew more than one server: etcd keeps its majority only while the others stay.
 *
 * The record is a pair of parameters for each server, written after the server's own report: `renewed/<server>` once
 * and for all, and `renewed/<server>/<number>` for the number that it has reached. A server is being renewed while it
 * has the first and lacks the second with the wanted number, so a renewal that failed halfway still counts. Names are
 * enough, because the provider marks the values as sensitive.
 */
export class Renewals extends Construct {
  /** Holds the condition: whoever is renewed depends on it. */
  public readonly guard: TerraformData;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: RenewalsProps,
  ) {
    super(scope, id);
    const records = new DataAwsSsmParametersByPath(this, 'records', {
      path: this.path(),
      recursive: true,
      withDecryption: false,
    });
    this.guard = renewalGuard(this, {
      names: records.names,
      wanted: props.wanted,
      nameOf: (...parts) => this.path(...parts),
      what: props.what,
    });
  }

  /**
   * Notes that a server has reached its number, once `ready` holds.
   * @param scope where keys of any kind may stand beside each other; those of a cluster's servers meet nothing here
   */
  public reached(server: string, ready: readonly ITerraformDependable[], scope: Construct = this): void {
    const number = String(this.props.wanted[server] ?? 0);
    const record = new SsmParameter(scope, server, {
      name: this.path(server),
      type: 'String',
      insecureValue: 'exists',
      dependsOn: [...ready],
    });
    new SsmParameter(scope, `${server}-number`, {
      name: this.path(server, number),
      type: 'String',
      insecureValue: 'healthy',
      dependsOn: [...ready, record],
    });
  }

  private path(...parts: readonly string[]): string {
    return physicalName('awsSsmParameter', ['drover', ...namePartsOf(this.props), 'renewed', ...parts]);
  }
}
