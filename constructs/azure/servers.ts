import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { serverKeys } from '../../model/lookup';
import type { IServers } from '../platform/servers';
import { Readiness } from './readiness';
import { Renewals } from './renewals';
import { Server, type ServerSettings } from './server';

/** The servers of one cluster. */
export type ServersProps = Omit<ServerSettings, 'renewals'>;

/** The control-plane and etcd machines of a cluster: each one keyed, renewed one at a time, and waited for. */
export class Servers extends Construct implements IServers {
  public readonly names: readonly string[];
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: ServersProps) {
    super(scope, id);
    const { clusterName, network, spec } = props;
    this.names = serverKeys(spec);
    const renewals = new Renewals(this, 'renewals', {
      network,
      clusterName,
      wanted: Object.fromEntries(this.names.map((name) => [name, spec.renew[name] ?? 0])),
    });
    const settings = { ...props, renewals: renewals.guard };
    this.ready = this.names.map((name) => {
      const server = new Server(this, name, { ...settings, name });
      const { reported } = new Readiness(server, 'readiness', { server });
      renewals.reached(name, [reported]);
      return reported;
    });
  }
}
