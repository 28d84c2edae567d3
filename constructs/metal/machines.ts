import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import type { IMachines } from '../platform/machines';
import { leaveHosts } from './leave-hosts';
import { Machine } from './machine';
import type { Network } from './network';
import { Roster } from './roster';

/** The site whose machines they are. */
export interface MachinesProps {
  readonly environment: Environment;
  readonly network: Network;
}

/** The hosts of a site that are in no cluster: each one remembered, and waited for. */
export class Machines extends Construct implements IMachines {
  public readonly names: readonly string[];
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: MachinesProps) {
    super(scope, id);
    const { machines } = props.network.site;
    const roster = new Roster(this, 'roster', props);
    leaveHosts(this, props.network);
    const each = new Construct(this, 'each');
    this.names = Object.keys(machines);
    this.ready = Object.entries(machines).map(
      ([name, spec]) => new Machine(each, name, { ...props, roster, name, spec }).ready,
    );
  }
}
