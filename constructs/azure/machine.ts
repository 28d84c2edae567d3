import type { LinuxVirtualMachine } from '@cdktf/provider-azurerm/lib/linux-virtual-machine';
import type { ITerraformDependable, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { azureSiteOf } from '../../model/lookup';
import { machineAddress, machineZone } from '../../model/network-plan';
import type { CloudMachineSpec } from '../../model/spec/site-machine';
import { dockerEnvironment, extrasOf } from '../bootstrap/extras';
import { machineSteps } from '../bootstrap/machine-steps';
import { waysOut } from '../bootstrap/way-out';
import { machineOfSite } from '../platform/belonging';
import { Bundle } from './bundle';
import { keyedMachine, type KeyedMachineIdentity } from './keyed-machine';
import { machineEnvironment } from './machine-environment';
import type { MachinePlace } from './machine-owner';
import { MachineRole } from './machine-role';
import { MachineSecurity } from './machine-security';
import { machineUserData } from './user-data';

/** The site of a machine, and the machine. */
export interface MachineProps extends Pick<MachinePlace, 'environment' | 'network' | 'group'> {
  readonly spec: CloudMachineSpec;
  /** Its key in the site. */
  readonly name: string;
  /** What must hold before it is renewed. */
  readonly renewals: TerraformResource;
}

/** A machine that is no node of any cluster. It is replaced for one reason alone: its number in `renew`. */
export class Machine extends Construct {
  public readonly instance: LinuxVirtualMachine;
  /** Interface and data disk are in place: what the machine's report waits for. */
  public readonly attachments: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: MachineProps) {
    super(scope, id);
    const { environment, network, group, name, spec } = props;
    // Its own: the hooks of one machine are no business of another, and a change of them renews nothing.
    const machine = { name, hooks: spec.hooks };
    const bundle = new Bundle(this, 'bundle', { environment, network, machine });
    const place = { environment, network, group, bundle };
    const security = new MachineSecurity(this, 'security', { environment, network, group, name });
    const role = new MachineRole(this, 'role', { ...place, purpose: name });
    const { instance, attachments } = keyedMachine(this, {
      ...place,
      name,
      zone: machineZone(azureSiteOf(environment, network.siteName), spec),
      machine: spec.machine,
      dataDiskGiB: spec.dataDisk?.GiB,
      renewal: spec.renew ?? 0,
      address: machineAddress(environment, network.siteName, name),
      keyTag: 'drover:machine',
      role,
      securityGroupId: security.securityGroupId,
      machineGroupIds: {},
      renewals: props.renewals,
      userData: (identity) => userData(place, role, spec, identity),
    });
    this.instance = instance;
    this.attachments = attachments;
  }
}

function userData(
  place: MachinePlace,
  role: MachineRole,
  spec: CloudMachineSpec,
  machine: KeyedMachineIdentity,
): string {
  const { environment, network } = place;
  const { dataDisk, docker } = spec;
  return machineUserData({
    env: {
      ...machineEnvironment(place, role),
      ...(docker === undefined ? {} : dockerEnvironment(docker)),
      ...(dataDisk === undefined ? {} : { DATA_VOLUME_ID: machine.volumeId, DATA_MOUNT: dataDisk.mountPoint }),
      DROVER_ROLE: 'machine',
      DROVER_NODE: machine.nodeName,
    },
    steps: machineSteps({
      ...waysOut(environment),
      ...extrasOf(environment, { docker }),
      // Containers are kept off the machine's identity as pods are.
      metadataOpenToPods: docker !== undefined,
      dataDisk: dataDisk !== undefined,
    }),
    what: machineOfSite(machine.name, network.siteName),
  });
}
