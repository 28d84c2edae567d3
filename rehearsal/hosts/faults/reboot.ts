import type { Fault } from './fault';
import { restart } from './reboots';

export const reboot: Fault = {
  name: 'reboot',
  does: 'a worker is restarted',
  end: 'healed',
  expected: 'its node is Ready as it was',
  boundSec: 60,
  strike: (scene) => restart(scene, scene.fleet.worker, ['systemctl', 'reboot']),
};
