import { readFileSync } from 'node:fs';
import { projectPath } from '../core/project-path';

/** Time that a server has from launch to its own report, in seconds. */
export const READY_WITHIN_SEC = 1800;

/** What a platform's extension needs to know to wait on a machine until its bootstrap has reported. */
export const readinessExtension = {
  publisher: 'Microsoft.Azure.Extensions',
  type: 'CustomScript',
  typeHandlerVersion: '2.1',
  autoUpgradeMinorVersion: true,
} as const;

/** Settings of the extension: the script itself, which fails the extension with what it says. */
export function readinessSettings(): string {
  return JSON.stringify({ script: readFileSync(projectPath('userdata', 'await-ready.sh')).toString('base64') });
}
