import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { identityOf } from '../../model/identity';
import { physicalName } from '../../model/naming';
import { EphemeralResource } from '../core/ephemeral-resource';
import { PENDING } from '../platform/pending';
import type { GeneratedSecretOptions, ISecret, ISecretStore, StoredSecretOptions } from '../platform/secret-store';

/** Where the secrets of a cluster lie. */
export interface SecretStoreProps {
  readonly environment: Environment;
  /** Cluster that the secrets belong to; `management` for the one that runs Rancher. */
  readonly clusterName: string;
  /** Key that encrypts the parameters. */
  readonly kmsKeyArn: string;
  /** Region of the parameters. @default - that of the cluster's home */
  readonly region?: string;
}

/** Secrets of a cluster as encrypted SSM parameters under `/drover/<environment>/<cluster>/`, values in no state. */
export class SecretStore extends Construct implements ISecretStore {
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: SecretStoreProps,
  ) {
    super(scope, id);
  }

  /** A secret that is made up at apply and that nobody knows but its readers. */
  public generated(id: string, options: GeneratedSecretOptions): ISecret {
    const password = new EphemeralResource(this, `${id}-value`, {
      type: 'random_password',
      arguments: { length: options.length ?? 48, special: false },
    });
    return this.parameter(id, password.attribute('result'), options.version);
  }

  /**
   * A slot that a machine fills by its own identity. Terraform creates it, so that it is also destroyed, and never
   * writes it again: the version stays.
   */
  public published(id: string): ISecret {
    return this.parameter(id, PENDING, 1);
  }

  /** A secret whose value is given. */
  public stored(id: string, options: StoredSecretOptions): ISecret {
    return this.parameter(id, options.value, options.version);
  }

  private parameter(id: string, value: string, version: number): ISecret {
    const { environment, clusterName, kmsKeyArn } = this.props;
    const region = this.props.region ?? identityOf(environment, clusterName).region;
    const name = physicalName('awsSsmParameter', ['drover', environment.name, clusterName, id]);
    const parameter = new SsmParameter(this, id, {
      name,
      type: 'SecureString',
      keyId: kmsKeyArn,
      valueWo: value,
      valueWoVersion: version,
    });
    return { name, handle: parameter.arn, region };
  }
}
