import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { MetalMachineSpec } from '../../model/spec/site-machine';
import type { BootstrapEnv } from '../bootstrap/env';
import { dockerEnvironment, extrasOf } from '../bootstrap/extras';
import { machineSteps } from '../bootstrap/machine-steps';
import { waysOut } from '../bootstrap/way-out';
import { machineOfSite } from '../platform/belonging';
import { Bundle } from './bundle';
import { noDataDiskOfMachine } from './errors';
import { Host } from './host';
import { hostOf } from './host-spec';
import { machineEnvironment } from './machine-environment';
import type { MachinePlace } from './machine-owner';
import type { MachineRole } from './machine-role';
import { machineFirewall } from './machine-security';

/** The site of a machine, and the machine. */
export interface MachineProps extends Pick<MachinePlace, 'environment' | 'network' | 'roster'> {
  readonly spec: MetalMachineSpec;
  /** Its key in the site. */
  readonly name: string;
}

/** A host that is in no cluster. What it is told is brought anew whenever it changes; its disk stays. */
export class Machine extends Construct {
  /** The host has done its bootstrap. */
  public readonly ready: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: MachineProps) {
    super(scope, id);
    const { environment, network, roster, name, spec } = props;
    // Its own: the hooks of one machine are no business of another.
    const bundle = new Bundle(this, 'bundle', { environment, siteName: network.siteName, hooks: spec.hooks });
    const place = { environment, network, roster, bundle };
    const { docker, dataDisk } = spec;
    this.ready = new Host(this, 'host', {
      owner: place,
      name: spec.host,
      grants: [],
      env: (role) => machineSettings(place, role, name, spec),
      steps: machineSteps({
        ...waysOut(environment),
        ...extrasOf(environment, { docker }),
        firewalled: true,
        dataDisk: dataDisk !== undefined,
      }),
      what: machineOfSite(name, network.siteName),
      after: [],
    }).ready;
  }
}

function machineSettings(
  place: MachinePlace,
  role: MachineRole,
  name: string,
  { host, dataDisk, docker }: MetalMachineSpec,
): BootstrapEnv {
  const { environment, network } = place;
  return {
    ...machineEnvironment(place, host, role),
    ...machineFirewall(environment, network, name),
    ...(docker === undefined ? {} : dockerEnvironment(docker)),
    ...(dataDisk === undefined ? {} : { DATA_VOLUME_ID: diskOf(network, host), DATA_MOUNT: dataDisk.mountPoint }),
    DROVER_ROLE: 'machine',
  };
}

function diskOf({ site, siteName }: MachinePlace['network'], host: string): string {
  const { data } = hostOf(site, siteName, host).disks;
  if (data === undefined) throw noDataDiskOfMachine(host, siteName);
  return data;
}
