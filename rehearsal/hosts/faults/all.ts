import { clockOff } from './clock-off';
import { cloudInitTwice } from './cloud-init-twice';
import { diskFormatted } from './disk-formatted';
import { diskFull } from './disk-full';
import { diskMissing } from './disk-missing';
import { diskRenamed } from './disk-renamed';
import { faultUnknown } from './errors';
import type { Fault } from './fault';
import { firstServerReplacedEmpty } from './first-server-replaced-empty';
import { firstServerReplacedUnreachable } from './first-server-replaced-unreachable';
import { groupOutAndIn } from './group-out-and-in';
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
];

/** What a person means by `--fault <name>`: one fault, or each for `all`. */
export function faultsNamed(name: string): readonly Fault[] {
  if (name === 'all') return allFaults;
  const found = allFaults.find((it) => it.name === name);
  if (found === undefined) throw faultUnknown(name, ['all', ...allFaults.map((it) => it.name)]);
  return [found];
}
