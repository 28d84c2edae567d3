import type { Instance } from '@cdktf/provider-aws/lib/instance';
import { LbTargetGroupAttachment } from '@cdktf/provider-aws/lib/lb-target-group-attachment';
import { NetworkInterface } from '@cdktf/provider-aws/lib/network-interface';
import type { ITerraformDependable, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { awsSiteOf } from '../../model/lookup';
import { physicalName } from '../../model/naming';
import { nginxZone } from '../../model/nginx';
import type { NginxSpec } from '../../model/spec/load-balancer';
import { addressOf } from '../core/address-of';
import { TerraformData } from '../core/terraform-data';
import { keyedInstance } from './keyed-instance';
import { noSubnet } from './errors';
import type { MachineRole } from './machine-role';
import type { MachineOwner } from './machine-statements';

/** What the machines with NGINX have in common. */
export interface NginxSettings extends MachineOwner {
  readonly spec: NginxSpec;
  readonly role: MachineRole;
  readonly imageId: string;
  readonly securityGroupId: string;
  /** Target groups by what they serve; machines are registered by address. */
  readonly targetGroupArns: Readonly<Record<string, string>>;
  /** What must hold before any machine is renewed. */
  readonly renewals: TerraformResource;
  /** Cloud-config of the machine of that name. */
  readonly userData: (machineName: string) => string;
}

/** One machine with NGINX. */
export interface NginxMachineProps extends NginxSettings {
  /** Key: `n1` to `n3`. */
  readonly name: string;
}

/** A machine that passes web traffic on: an address that stays, and an instance that can be renewed. */
export class NginxMachine extends Construct {
  public readonly instance: Instance;
  /** Targets are in place: what the machine's report waits for. */
  public readonly attachments: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: NginxMachineProps) {
    super(scope, id);
    const { environment, network, clusterName, name, spec, role, imageId } = props;
    const machineName = physicalName('kubernetesName', [environment.name, clusterName, name]);
    // Not the servers' tag: etcd does not mind how many of these are replaced at once.
    const tags = { Name: machineName, 'drover:nginx': name };
    const networkInterface = new NetworkInterface(this, 'interface', {
      // Its address is chosen with it, once: nobody but the load balancer needs to know it.
      subnetId: this.subnetOf(props),
      securityGroups: [props.securityGroupId],
      tags,
    });
    const renewal = new TerraformData(this, 'renewal', { input: spec.renew[name] ?? 0 });
    renewal.dependsOn = [addressOf(props.renewals)];
    this.instance = keyedInstance(this, 'machine', {
      network,
      machine: spec.machine,
      imageId,
      networkInterface,
      role,
      userData: props.userData(machineName),
      renewal,
      tags,
      diskTags: tags,
    });
    this.attachments = Object.entries(props.targetGroupArns).map(
      ([key, arn]) =>
        new LbTargetGroupAttachment(this, `target-${key}`, {
          targetGroupArn: arn,
          targetId: networkInterface.privateIp,
        }),
    );
  }

  private subnetOf({ environment, network, name }: NginxMachineProps): string {
    const zone = nginxZone(awsSiteOf(environment, network.siteName), name);
    const subnets = network.subnets[zone];
    if (subnets === undefined) throw noSubnet(zone, network.siteName);
    return subnets.private;
  }
}
