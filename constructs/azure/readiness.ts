import { VirtualMachineExtension } from '@cdktf/provider-azurerm/lib/virtual-machine-extension';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { addressOf } from '../core/address-of';
import { READY_WITHIN_SEC, readinessExtension, readinessSettings } from './readiness-command';
import type { KeyedMachine } from './keyed-machine';

/** The machine that is waited for. */
export interface ReadinessProps {
  readonly server: KeyedMachine;
}

/** What Azure itself may take beyond the machine's own deadline, in seconds. */
const DELIVERY_SEC = 600;

/**
 * Is there once a server, or another keyed machine, has reported that its bootstrap went well; creating it waits, a failed
 * bootstrap fails it.
 */
export class Readiness extends Construct {
  public readonly reported: ITerraformDependable;

  public constructor(scope: Construct, id: string, { server }: ReadinessProps) {
    super(scope, id);
    this.reported = new VirtualMachineExtension(this, 'extension', {
      ...readinessExtension,
      name: 'await-ready',
      virtualMachineId: server.instance.id,
      settings: readinessSettings(),
      timeouts: { create: `${READY_WITHIN_SEC + DELIVERY_SEC}s` },
      dependsOn: [...server.attachments],
      lifecycle: {
        // A new script must not run on machines that were waited for long ago.
        ignoreChanges: ['settings'],
        // A renewed machine has the id of the one before it, and must be waited for anew.
        replaceTriggeredBy: [addressOf(server.instance)],
      },
    });
  }
}
