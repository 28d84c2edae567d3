import type { Instance } from '@cdktf/provider-aws/lib/instance';
import { SsmAssociation } from '@cdktf/provider-aws/lib/ssm-association';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { addressOf } from '../core/address-of';
import { READY_WITHIN_SEC, type ReadinessDocument } from './readiness-document';

/** The machine that is waited for. */
export interface ReadinessProps {
  readonly document: ReadinessDocument;
  readonly server: {
    readonly instance: Instance;
    /** What must be in place before. */
    readonly attachments: readonly ITerraformDependable[];
  };
}

/** What SSM itself may take beyond the machine's own deadline, in seconds. */
const DELIVERY_SEC = 300;

/**
 * Is there once a server, or another keyed machine, has reported that its bootstrap went well; creating it waits, a failed
 * bootstrap fails it.
 */
export class Readiness extends Construct {
  public readonly reported: ITerraformDependable;

  public constructor(scope: Construct, id: string, { document, server }: ReadinessProps) {
    super(scope, id);
    this.reported = new SsmAssociation(this, 'association', {
      name: document.documentName,
      targets: [{ key: 'InstanceIds', values: [server.instance.id] }],
      waitForSuccessTimeoutSeconds: READY_WITHIN_SEC + DELIVERY_SEC,
      dependsOn: [...server.attachments],
      // Only creating an association waits: that of a renewed machine must be a new one, not a changed one.
      lifecycle: { replaceTriggeredBy: [addressOf(server.instance)] },
    });
  }
}
