import type { Instance } from '@cdktf/provider-aws/lib/instance';
import type { ITerraformDependable, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { awsSiteOf } from '../../model/lookup';
import { machineAddress, machineZone } from '../../model/network-plan';
import type { CloudMachineSpec } from '../../model/spec/site-machine';
import { dockerEnvironment, extrasOf } from '../bootstrap/extras';
import { hookFiles } from '../bootstrap/hooks';
import { machineSteps } from '../bootstrap/machine-steps';
import { renderUserData } from '../bootstrap/user-data';
import { waysOut } from '../bootstrap/way-out';
import { projectPath } from '../core/project-path';
import { machineOfSite } from '../platform/belonging';
import { imageId } from './image';
import { keyedMachine, type KeyedMachineIdentity } from './keyed-machine';
import { machineEnvironment } from './machine-environment';
import { MachineRole } from './machine-role';
import { MachineSecurity } from './machine-security';
import type { MachinePlace } from './machine-statements';
import type { PrivateBucket } from './private-bucket';
import { storedBundle } from './stored-bundle';
import { userDataLimit } from './user-data-limit';

/** The site of a machine, and the machine. */
export interface MachineProps extends Pick<MachinePlace, 'environment' | 'network'> {
  readonly spec: CloudMachineSpec;
  /** Its key in the site. */
  readonly name: string;
  /** Where its scripts are put. */
  readonly scripts: PrivateBucket;
  /** What must hold before it is renewed. */
  readonly renewals: TerraformResource;
}

/** A machine that is no node of any cluster. It is replaced for one reason alone: its number in `renew`. */
export class Machine extends Construct {
  public readonly instance: Instance;
  /** The data disk is in place: what the machine's report waits for. */
  public readonly attachments: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: MachineProps) {
    super(scope, id);
    const { environment, network, name, spec } = props;
    // Its own: the hooks of one machine are no business of another, and a change of them renews nothing.
    const bundle = storedBundle(this, {
      bucket: props.scripts,
      region: network.region,
      key: `${name}.tar`,
      hooks: hookFiles(environment, spec.hooks),
    });
    const place = { environment, network, bundle };
    const security = new MachineSecurity(this, 'security', { environment, network, name });
    const { instance, attachments } = keyedMachine(this, {
      ...place,
      name,
      zone: machineZone(awsSiteOf(environment, network.siteName), spec),
      machine: spec.machine,
      dataDiskGiB: spec.dataDisk?.GiB,
      renewal: spec.renew ?? 0,
      address: machineAddress(environment, network.siteName, name),
      keyTag: 'drover:machine',
      role: new MachineRole(this, 'role', { ...place, purpose: name, statements: [] }),
      imageId: imageId(this, 'image', spec.machine.image),
      securityGroupIds: [security.securityGroupId],
      renewals: props.renewals,
      userData: (machine) => userData(place, spec, machine),
    });
    this.instance = instance;
    this.attachments = attachments;
  }
}

function userData(place: MachinePlace, spec: CloudMachineSpec, machine: KeyedMachineIdentity): string {
  const { environment, network } = place;
  const { dataDisk, docker } = spec;
  return renderUserData({
    env: {
      ...machineEnvironment(place),
      ...(docker === undefined ? {} : dockerEnvironment(docker)),
      ...(dataDisk === undefined ? {} : { DATA_VOLUME_ID: machine.volumeId, DATA_MOUNT: dataDisk.mountPoint }),
      DROVER_ROLE: 'machine',
      DROVER_NODE: machine.nodeName,
    },
    steps: machineSteps({
      ...waysOut(environment),
      ...extrasOf(environment, { docker }),
      dataDisk: dataDisk !== undefined,
    }),
    fetcher: projectPath('userdata', 'fetch.sh'),
    limit: userDataLimit,
    what: machineOfSite(machine.name, network.siteName),
  });
}
