import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName } from '../../model/naming';

/** The cluster that is initialised once. */
export interface InitialisedMarkerProps {
  readonly environment: Environment;
  readonly clusterName: string;
}

/**
 * The parameter `cluster-initialised`. The first server creates it itself, and only if it is not there: that is what
 * keeps a second server, or a renewed one with an empty disk, from ever initialising the cluster again.
 */
export class InitialisedMarker extends Construct {
  public readonly parameterName: string;

  public constructor(scope: Construct, id: string, { environment, clusterName }: InitialisedMarkerProps) {
    super(scope, id);
    this.parameterName = physicalName('awsSsmParameter', [
      'drover',
      environment.name,
      clusterName,
      'cluster-initialised',
    ]);
  }

  /** Takes the marker over once the first server has made it. */
  public adopt(ready: readonly ITerraformDependable[]): void {
    new SsmParameter(this, 'parameter', {
      name: this.parameterName,
      type: 'String',
      insecureValue: 'initialised',
      // It exists by now and not by Terraform. Adopted, it goes with the cluster; left alone, the next cluster of this
      // name could never be initialised.
      overwrite: true,
      dependsOn: [...ready],
    });
  }
}
