import { accessSync, constants } from 'node:fs';
import * as path from 'node:path';
import type { ProcessEnvironment } from '../process';
import { commandsMissing, notLinux, notRoot } from './errors';

/** Commands that the lab starts, and the Debian package of each. */
const NEEDED: Readonly<Record<string, string>> = {
  'systemd-nspawn': 'systemd-container',
  mmdebstrap: 'mmdebstrap',
  unshare: 'util-linux',
  losetup: 'mount',
  ip: 'iproute2',
  'mkfs.xfs': 'xfsprogs',
};

/** Where root's programs lie although a person's PATH may leave them out. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Refuses a machine that can't run hosts, saying everything that is missing at once. */
export function checkHostPrerequisites(machine: {
  readonly platform: string;
  readonly uid: number | undefined;
  readonly env: ProcessEnvironment;
  /** Further folders of programs. @default - where root's programs lie */
  readonly systemFolders?: readonly string[];
}): void {
  if (machine.platform !== 'linux') throw notLinux(machine.platform);
  if (machine.uid !== 0) throw notRoot();
  const folders = [...(machine.env['PATH'] ?? '').split(path.delimiter), ...(machine.systemFolders ?? SYSTEM_FOLDERS)];
  const missing = Object.keys(NEEDED).filter((command) => !folders.some((it) => isExecutable(path.join(it, command))));
  if (missing.length === 0) return;
  throw commandsMissing(missing, [...new Set(missing.map((it) => NEEDED[it] ?? it))].sort());
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
