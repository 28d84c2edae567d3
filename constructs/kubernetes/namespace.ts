import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import { nodeLabelsOf, type Identity } from '../../model/identity';

/** What pods of a namespace may do (https://kubernetes.io/docs/concepts/security/pod-security-standards/). */
export type PodSecurity = 'privileged' | 'baseline' | 'restricted';

/** A namespace and what its pods may do. */
export interface NamespaceProps {
  readonly name: string;
  /** Pods that want more are refused. */
  readonly podSecurity: PodSecurity;
  readonly identity: Identity;
  /** Further labels. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A namespace that says where it stands and what its pods may do. */
export class Namespace extends Construct {
  /** Reference to the name: who uses it comes after the namespace and goes before it. */
  public readonly name: string;

  public constructor(scope: Construct, id: string, props: NamespaceProps) {
    super(scope, id);
    const namespace = new NamespaceV1(this, 'namespace', {
      metadata: {
        name: props.name,
        labels: {
          ...props.labels,
          ...nodeLabelsOf(props.identity),
          'pod-security.kubernetes.io/enforce': props.podSecurity,
          'pod-security.kubernetes.io/warn': props.podSecurity,
        },
      },
    });
    this.name = namespace.metadata.name;
  }
}
