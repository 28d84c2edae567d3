import { SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1';
import { Construct } from 'constructs';
import { noSecretKeys, secretVersion } from './errors';

/** A secret whose values are in no state. */
export interface OpaqueSecretProps {
  readonly name: string;
  readonly namespace: string;
  /** Keys and the expressions of their values; ephemeral ones are allowed. */
  readonly data: Readonly<Record<string, string>>;
  /** Raise it to write the values anew: Terraform can't see that a write-only value has changed. */
  readonly version: number;
}

/** A Kubernetes secret that is written and never read back. */
export class OpaqueSecret extends Construct {
  /** Reference to the name: who uses it comes after the secret. */
  public readonly name: string;

  public constructor(scope: Construct, id: string, props: OpaqueSecretProps) {
    super(scope, id);
    if (Object.keys(props.data).length === 0) throw noSecretKeys(props.name);
    if (!Number.isInteger(props.version) || props.version < 1) throw secretVersion(props.name, props.version);
    const secret = new SecretV1(this, 'secret', {
      metadata: { name: props.name, namespace: props.namespace },
      type: 'Opaque',
      dataWo: { ...props.data },
      dataWoRevision: props.version,
    });
    this.name = secret.metadata.name;
  }
}
