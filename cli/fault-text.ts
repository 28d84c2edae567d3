import type { Fault } from '../rehearsal/hosts/faults/fault';
import type { FaultRun } from '../rehearsal/hosts/faults/run-faults';
import { counted } from '../rehearsal/progress';
import { table } from '../rehearsal/report';

/** What `--faults` prints: nothing is touched for it. */
export function faultListText(faults: readonly Fault[]): string {
  const each = faults.flatMap((it) => [
    `${it.name} (${it.end}, within ${it.boundSec} s)`,
    `  does:     ${it.does}`,
    `  expected: ${it.expected}`,
  ]);
  return `${each.join('\n')}\n`;
}

/** The same, for a program. */
export const faultListJson = (faults: readonly Fault[]): unknown =>
  faults.map(({ name, does, end, expected, boundSec }) => ({ name, does, end, expected, boundSec }));

/** The end of a run of faults, for a person: the table, then why what is not as expected is not. */
export function faultsText(runs: readonly FaultRun[]): string {
  const rows = runs.map(({ fault, measuredSec, verdict }) => [
    fault.name,
    fault.expected,
    `${fault.boundSec} s`,
    measuredSec === undefined ? '-' : `${measuredSec.toFixed(1)} s`,
    verdict === 'as expected' ? verdict : verdict.toUpperCase(),
  ]);
  const body = table(
    [['fault', 'expected end', 'bound', 'measured', 'verdict'], ...rows],
    ['left', 'left', 'right', 'right', 'left'],
  );
  const reasons = runs.flatMap((it) => (it.reason === undefined ? [] : [`${it.fault.name}: ${it.reason}`]));
  const bad = runs.filter((it) => it.verdict !== 'as expected').length;
  const verdict =
    bad === 0
      ? `${counted(runs.length, 'fault')}, each ended as expected`
      : `${bad} of ${counted(runs.length, 'fault')} did not end as expected`;
  return ['', body, ...reasons, verdict, ''].join('\n');
}

/** The same, for a program. */
export function faultsJson(environment: string, ok: boolean, runs: readonly FaultRun[]): unknown {
  return {
    environment,
    ok,
    faults: runs.map(({ fault, measuredSec, verdict, reason, marks, settledSec }) => ({
      name: fault.name,
      end: fault.end,
      expected: fault.expected,
      boundSec: fault.boundSec,
      verdict,
      ...(measuredSec === undefined ? {} : { measuredSec }),
      ...(reason === undefined ? {} : { reason }),
      marks,
      ...(settledSec === undefined ? {} : { settledSec }),
    })),
  };
}
