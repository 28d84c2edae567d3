import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { awsSiteOf } from '../../model/lookup';
import { physicalName, uniquePart } from '../../model/naming';
import { namePartsOf } from '../platform/belonging';
import type { IMachines } from '../platform/machines';
import { Machine } from './machine';
import type { Network } from './network';
import { Readiness } from './readiness';
import { ReadinessDocument } from './readiness-document';
import { Renewals } from './renewals';
import { scriptsBucket } from './stored-bundle';

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
    const { machines } = awsSiteOf(environment, network.siteName);
    const parts = ['drover', ...namePartsOf(props), uniquePart(environment.domain)];
    const scripts = scriptsBucket(this, {
      bucketName: physicalName('awsS3Bucket', parts),
      kmsKeyArn: network.kmsKeyArn,
    });
    const document = new ReadinessDocument(this, 'readiness', props);
    const renewals = new Renewals(this, 'renewals', {
      ...props,
      what: `machine of site '${network.siteName}'`,
      wanted: Object.fromEntries(Object.entries(machines).map(([name, { renew }]) => [name, renew ?? 0])),
    });
    const each = new Construct(this, 'each');
    this.names = Object.keys(machines);
    this.ready = Object.entries(machines).map(([name, spec]) => {
      const server = new Machine(each, name, { ...props, name, spec, scripts, renewals: renewals.guard });
      const { reported } = new Readiness(server, 'readiness', { document, server });
      renewals.reached(name, [reported], new Construct(server, 'reached'));
      return reported;
    });
  }
}
