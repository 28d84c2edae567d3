import { readFileSync } from 'node:fs';
import { SsmDocument } from '@cdktf/provider-aws/lib/ssm-document';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import { terraformText } from '../bootstrap/terraform-text';
import { projectPath } from '../core/project-path';
import { namePartsOf, type Belonging } from '../platform/belonging';

/** Whose machines are waited for. */
export type ReadinessDocumentProps = Belonging & {
  /** Which of them, where the servers have a document of their own. @default - the servers */
  readonly what?: string;
};

/** Time that a server has from launch to its own report, in seconds. */
export const READY_WITHIN_SEC = 1800;

/** The command that waits on a machine until its bootstrap has reported. */
export class ReadinessDocument extends Construct {
  public readonly documentName: string;

  public constructor(scope: Construct, id: string, props: ReadinessDocumentProps) {
    super(scope, id);
    const { what } = props;
    const script = readFileSync(projectPath('userdata', 'await-ready.sh'), 'utf8');
    const document = new SsmDocument(this, 'document', {
      name: physicalName('awsSsmDocument', [
        'drover',
        ...namePartsOf(props),
        ...(what === undefined ? [] : [what]),
        'await-ready',
      ]),
      documentType: 'Command',
      documentFormat: 'JSON',
      // The script's own variables look like Terraform's.
      content: terraformText(
        JSON.stringify({
          schemaVersion: '2.2',
          description: 'Waits until the bootstrap of a Drover machine has reported how it ended',
          mainSteps: [
            {
              action: 'aws:runShellScript',
              name: 'awaitReady',
              inputs: { timeoutSeconds: String(READY_WITHIN_SEC), runCommand: script.trimEnd().split('\n') },
            },
          ],
        }),
      ),
    });
    this.documentName = document.name;
  }
}
