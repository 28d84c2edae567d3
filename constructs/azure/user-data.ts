import { readFileSync } from 'node:fs';
import { projectPath } from '../core/project-path';
import { renderUserData, type UserDataFile, type UserDataProps } from '../bootstrap/user-data';
import { userDataLimit } from './user-data-limit';

/** What a machine of Azure is told, but for what is the same on all of them. */
export type MachineUserDataProps = Omit<UserDataProps, 'fetcher' | 'limit'>;

/**
 * Terraform expression of a machine's cloud-config.
 * @throws as `renderUserData` does
 */
export function machineUserData({ files = [], ...props }: MachineUserDataProps): string {
  return renderUserData({
    ...props,
    fetcher: projectPath('userdata', 'fetch.sh'),
    files: [azureFetcher(), ...files],
    limit: userDataLimit,
  });
}

/** How the fetcher gets the bundle by a managed identity; the fetcher itself knows AWS alone, whose user data is short. */
function azureFetcher(): UserDataFile {
  return {
    path: '/opt/drover/fetch-azure.sh',
    permissions: '0600',
    content: readFileSync(projectPath('userdata', 'fetch-azure.sh'), 'utf8'),
  };
}
