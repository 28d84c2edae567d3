import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { serverKeys } from '../../model/lookup';
import type { CloudServersSpec } from '../../model/spec/servers';
import type { IServers } from '../platform/servers';
import { imageId } from './image';
import type { MachineOwner } from './machine-statements';
import { MachineRole } from './machine-role';
import type { Statement } from './policy-document';
import { Readiness } from './readiness';
import { ReadinessDocument } from './readiness-document';
import { Renewals } from './renewals';
import type { KeyedMachineIdentity } from './keyed-machine';
import { Server } from './server';

/** The servers of one cluster. */
export interface ServersProps extends MachineOwner {
  readonly spec: CloudServersSpec;
  /** What they may do beyond any machine. */
  readonly statements: readonly Statement[];
  readonly securityGroupIds: readonly string[];
  /** Target groups by what they serve; servers are registered by address. */
  readonly targetGroupArns: Readonly<Record<string, string>>;
  /** Cloud-config of a server. */
  readonly userData: (server: KeyedMachineIdentity) => string;
  /** What must be there before any of them starts. @default - nothing */
  readonly after?: readonly ITerraformDependable[];
}

/** The control-plane and etcd machines of a cluster: each one keyed, renewed one at a time, and waited for. */
export class Servers extends Construct implements IServers {
  public readonly names: readonly string[];
  /** The command that waits for a machine's report. */
  public readonly readinessDocument: ReadinessDocument;
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: ServersProps) {
    super(scope, id);
    const { environment, clusterName, spec } = props;
    this.names = serverKeys(spec);
    const role = new MachineRole(this, 'role', { ...props, purpose: 'servers' });
    const document = new ReadinessDocument(this, 'readiness', { environment, clusterName });
    this.readinessDocument = document;
    const renewals = new Renewals(this, 'renewals', {
      environment,
      clusterName,
      wanted: Object.fromEntries(this.names.map((name) => [name, spec.renew[name] ?? 0])),
    });
    const settings = { ...props, role, imageId: imageId(this, 'image', spec.machine.image), renewals: renewals.guard };
    this.ready = this.names.map((name) => {
      const server = new Server(this, name, { ...settings, name });
      const { reported } = new Readiness(server, 'readiness', { document, server });
      renewals.reached(name, [reported]);
      return reported;
    });
  }
}
