import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { RancherRegistration } from '../../constructs/bootstrap/rancher-registration';
import { memberConfig } from '../../constructs/metal/member-config';
import type { MemberFoundation } from '../../constructs/metal/member-foundation';
import { MemberMachines } from '../../constructs/metal/member-machines';
import { keepalivedOf } from '../../model/nginx';
import type { ClusterSpec } from '../../model/spec/cluster';
import type { IMember, IMemberServices } from './platform';

/** A member on metal. */
export class MetalMember implements IMember {
  public readonly config: IMember['config'];
  public readonly issuer = undefined;
  public readonly ingressAddress: string | undefined;
  public readonly forgetsMachines = false;

  public constructor(
    private readonly spec: ClusterSpec,
    private readonly foundation: MemberFoundation,
  ) {
    const { environment, clusterName } = foundation.owner;
    this.config = memberConfig(foundation.owner);
    this.ingressAddress = keepalivedOf(environment, clusterName)?.virtualAddress;
  }

  public machines(scope: Construct, registration: RancherRegistration): readonly ITerraformDependable[] {
    const { spec, foundation } = this;
    return new MemberMachines(scope, 'machines', { spec, foundation, registration }).ready;
  }

  /** Hosts come by no autoscaler, and a site has no block storage. */
  public services(): IMemberServices {
    return {};
  }
}
