import { DataKubernetesResource } from '@cdktf/provider-kubernetes/lib/data-kubernetes-resource';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

/** Rancher, which has to be there before its CA can be read. */
export interface RancherCaProps {
  readonly rancher: ITerraformDependable;
}

/**
 * The CA that Rancher made for itself, read over the Kubernetes API, which is trusted already: asking Rancher for it
 * would mean to trust whoever answers.
 */
export class RancherCa extends Construct {
  /** Expression of the certificates, in PEM. */
  public readonly certificates: string;

  public constructor(scope: Construct, id: string, props: RancherCaProps) {
    super(scope, id);
    const setting = new DataKubernetesResource(this, 'setting', {
      apiVersion: 'management.cattle.io/v3',
      kind: 'Setting',
      metadata: { name: 'cacerts' },
      dependsOn: [props.rancher],
    });
    this.certificates = Fn.lookupNested(setting.object, ['value']);
  }
}
