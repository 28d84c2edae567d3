import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { azureSiteOf } from '../../model/lookup';
import type { IMachines } from '../platform/machines';
import { ClusterGroup } from './cluster-group';
import { Machine } from './machine';
import type { Network } from './network';
import { Readiness } from './readiness';
import { Renewals } from './renewals';

/** The site whose machines they are. */
export interface MachinesProps {
  readonly environment: Environment;
  readonly network: Network;
}

/** The machines of a site that are no nodes of any cluster: each one keyed, renewed one at a time, and waited for. */
export class Machines extends Construct implements IMachines {
  public readonly names: readonly string[];
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: MachinesProps) {
    super(scope, id);
    const { environment, network } = props;
    const { machines } = azureSiteOf(environment, network.siteName);
    const group = new ClusterGroup(this, 'group', props);
    const renewals = new Renewals(this, 'renewals', {
      network,
      what: `machine of site '${network.siteName}'`,
      wanted: Object.fromEntries(Object.entries(machines).map(([name, { renew }]) => [name, renew ?? 0])),
    });
    const each = new Construct(this, 'each');
    this.names = Object.keys(machines);
    this.ready = Object.entries(machines).map(([name, spec]) => {
      const server = new Machine(each, name, { ...props, group, name, spec, renewals: renewals.guard });
      const { reported } = new Readiness(server, 'readiness', { server });
      renewals.reached(name, [reported], new Construct(server, 'reached'));
      return reported;
    });
  }
}
