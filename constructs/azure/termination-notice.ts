/**
 * Shortest and longest notice of a machine's end, in minutes.
 * @see https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-terminate-notification
 */
const NOTICE_MINUTES = { least: 5, most: 15 } as const;

/** Time that a machine keeps for itself to see the notice, and to agree once its pods are gone, in seconds. */
const RESERVE_SEC = 30;

/** Notice that a machine gets whose pods may take that many seconds to go, in minutes. */
export function noticeMinutes(drainTimeoutSec: number): number {
  return Math.min(NOTICE_MINUTES.most, Math.max(NOTICE_MINUTES.least, Math.ceil(drainTimeoutSec / 60)));
}

/** Time for pods to go within this notice, in seconds. */
export function leaveDeadlineSec(drainTimeoutSec: number): number {
  return noticeMinutes(drainTimeoutSec) * 60 - RESERVE_SEC;
}
