import { clockOff } from './clock-off';
import { cloudInitTwice } from './cloud-init-twice';
import { diskFormatted } from './disk-formatted';
import { diskFull } from './disk-full';
import { diskMissing } from './disk-missing';
import { diskRenamed } from './disk-renamed';
import { faultElsewhere, faultUnknown } from './errors';
import type { Fault, Ground } from './fault';
import { firstServerReplacedEmpty } from './first-server-replaced-empty';
import { firstServerReplacedUnreachable } from './first-server-replaced-unreachable';
import { gatePowerCut } from './gate-power-cut';
import { groupOutAndIn } from './group-out-and-in';
import { hostLost } from './host-lost';
import { mirrorDown } from './mirror-down';
import { portInUse } from './port-in-use';
import { reboot } from './reboot';
import { registrationDownAtBoot } from './registration-down-at-boot';
import { secretLate } from './secret-late';
import { serverPowerCut } from './server-power-cut';
import { serverRenewed } from './server-renewed';
import { spotNotice } from './spot-notice';
import { tokenRotated } from './token-rotated';
import { workerLost } from './worker-lost';
import { workerPowerCut } from './worker-power-cut';

/** Every fault, in the order in which all are run: first what only passes, then what replaces machines. */
export const allFaults: readonly Fault[] = [
  serverPowerCut,
  reboot,
  cloudInitTwice,
  clockOff,
  serverRenewed,
  diskRenamed,
  diskMissing,
  mirrorDown,
  secretLate,
  portInUse,
  diskFull,
  diskFormatted,
  firstServerReplacedEmpty,
  firstServerReplacedUnreachable,
  tokenRotated,
  groupOutAndIn,
  registrationDownAtBoot,
  spotNotice,
  workerPowerCut,
  workerLost,
  gatePowerCut,
  hostLost,
];

/** The faults that machines there can suffer. */
export const faultsOn = (ground: Ground): readonly Fault[] =>
  allFaults.filter(({ on = ['cloud'] }) => on.includes(ground));

/** Refuses what is the name of no fault; `all` means each. */
export function checkFaultName(name: string): void {
  const known = ['all', ...allFaults.map((it) => it.name)];
  if (!known.includes(name)) throw faultUnknown(name, known);
}

/** What a person means by `--fault <name>` where machines stand: one fault, or each for `all`. */
export function faultsNamed(name: string, ground: Ground): readonly Fault[] {
  checkFaultName(name);
  const possible = faultsOn(ground);
  const found = possible.filter((it) => name === 'all' || it.name === name);
  if (found.length === 0) throw faultElsewhere(name, ground);
  return found;
}
