import { KvSecretV2 } from '@cdktf/provider-vault/lib/kv-secret-v2';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { clusterOf, vaultOf } from '../../model/lookup';
import { VALUE, vaultPath } from './vault-path';

/** The cluster that is initialised once. */
export interface InitialisedMarkerProps {
  readonly environment: Environment;
  readonly clusterName: string;
}

/**
 * The secret `cluster-initialised`. The first server creates it itself, and only if it is not there (a write with
 * check-and-set 0): that is what keeps a second server, or one that comes back with an empty disk, from ever
 * initialising the cluster again.
 */
export class InitialisedMarker extends Construct {
  /** As hosts name it. */
  public readonly secretName: string;
  /** As a policy names it. */
  public readonly policyPath: string;
  private readonly place: { readonly mount: string; readonly name: string };

  public constructor(scope: Construct, id: string, { environment, clusterName }: InitialisedMarkerProps) {
    super(scope, id);
    const { mount } = vaultOf(environment, clusterOf(environment, clusterName).site);
    this.place = { mount, name: vaultPath(environment, clusterName, 'cluster-initialised') };
    this.secretName = `${mount}/${this.place.name}`;
    this.policyPath = `${mount}/data/${this.place.name}`;
  }

  /** Takes the marker over once the first server has made it. */
  public adopt(ready: readonly ITerraformDependable[]): void {
    new KvSecretV2(this, 'secret', {
      ...this.place,
      dataJson: Fn.jsonencode({ [VALUE]: 'initialised' }),
      disableRead: true,
      // It exists by now and not by Terraform. Adopted, it goes with the cluster; left alone, the next cluster of this
      // name could never be initialised.
      deleteAllVersions: true,
      dependsOn: [...ready],
    });
  }
}
