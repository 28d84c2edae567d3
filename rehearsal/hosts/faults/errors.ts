import { closest } from '../../../model/closest';
import { exitCodes, RehearsalError } from '../../errors';

const { badInput, failed, interrupted } = exitCodes;

/** What came of a fault was not what must come of it. */
export class NotAsExpected extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'NotAsExpected';
  }
}

export const faultUnknown = (got: string, known: readonly string[]): RehearsalError => {
  const meant = closest(got, known);
  const hint = meant === undefined ? '' : `did you mean '${meant}'? `;
  return new RehearsalError(`'--fault ${got}' is not known; ${hint}'--faults' lists them, 'all' means each`, badInput);
};

const GROUNDS = { cloud: 'in a cloud', metal: 'on metal' } as const;

export const faultElsewhere = (name: string, ground: keyof typeof GROUNDS): RehearsalError =>
  new RehearsalError(
    `'--fault ${name}' is not for machines ${GROUNDS[ground]}; '--faults' lists what fits this environment`,
    badInput,
  );

export const faultInterrupted = (): RehearsalError =>
  new RehearsalError(`interrupted; what the fault had done was put back`, interrupted);

export const faultLeftBehind = (name: string, reason: string, environment: string): RehearsalError =>
  new RehearsalError(
    `interrupted, and what fault '${name}' had done could not be put back: ${reason}; 'drover rehearse ${environment} --down' takes everything away`,
    interrupted,
  );

export const labRefused = (command: string, reason: string): RehearsalError =>
  new RehearsalError(`'drover-lab ${command}' failed: ${reason}`, failed);

export const labNotUnderstood = (command: string, reason: string): RehearsalError =>
  new RehearsalError(
    `'drover-lab ${command}' did not answer as agreed: ${reason}; is the lab of another version?`,
    failed,
  );

export const notInTime = (what: string, seconds: number): NotAsExpected =>
  new NotAsExpected(`${what}: not so within ${seconds} s`);

export const nothingToStrike = (what: string): NotAsExpected =>
  new NotAsExpected(`this environment has no ${what} that it could strike`);

export const bootstrapFailed = (machine: string, result: string): NotAsExpected =>
  new NotAsExpected(`the bootstrap of '${machine}' ended with '${result}', must be 'ok'`);

export const otherValue = (what: string, got: string, expected: string): NotAsExpected =>
  new NotAsExpected(`${what} is '${got}', must be '${expected}'`);

export const settingMissing = (machine: string, name: string): NotAsExpected =>
  new NotAsExpected(`machine '${machine}' has no setting '${name}' in /etc/drover/bootstrap.env`);

export const commandFailed = (machine: string, command: string, output: string): NotAsExpected =>
  new NotAsExpected(`'${command}' failed in '${machine}': ${output.trim().split('\n').slice(-3).join(' / ')}`);

export const answerNotUnderstood = (machine: string, what: string, reason: string): NotAsExpected =>
  new NotAsExpected(`${what} of '${machine}' cannot be read: ${reason}`);

/** @param leadSec seconds that a load ran before the harm */
export const requestsFailed = (
  report: {
    readonly failed: number;
    readonly sent: number;
    readonly failedAfterFirstSecond: number;
    readonly firstFailureSec?: number | null | undefined;
    readonly lastFailureSec?: number | null | undefined;
    readonly statuses: Readonly<Record<string, number>>;
    readonly errors: Readonly<Record<string, number>>;
  },
  leadSec: number,
): NotAsExpected => {
  const since = (seconds: number | null | undefined): string => `${((seconds ?? 0) - leadSec).toFixed(1)} s`;
  const kinds = Object.entries({ ...report.statuses, ...report.errors }).map(([what, times]) => `${times} x ${what}`);
  return new NotAsExpected(
    `${report.failedAfterFirstSecond} requests failed after the first second, must be 0 (${report.failed} of ${report.sent} failed, ` +
      `the first ${since(report.firstFailureSec)} and the last ${since(report.lastFailureSec)} after the cut; answers: ${kinds.join(', ')})`,
  );
};

export const outageTooLong = (
  gate: string,
  seconds: number,
  allowed: number,
  { failed, sent }: { readonly failed: number; readonly sent: number },
): NotAsExpected =>
  new NotAsExpected(
    `a request that was sent ${seconds.toFixed(1)} s after the power of '${gate}' was cut failed, at most ${allowed} s are allowed (${failed} of ${sent} failed)`,
  );

export const membershipMissing = (host: string): NotAsExpected =>
  new NotAsExpected(`no state has the membership of host '${host}'`);

export const deployFailed = (what: string): NotAsExpected => new NotAsExpected(`the deploy failed: ${what}`);

export const noOperator = (): NotAsExpected => new NotAsExpected('nobody is there to deploy');

export const tooBusy = (attempts: number): NotAsExpected =>
  new NotAsExpected(
    `this computer was too busy to measure, ${attempts} times: even a server that nothing was done to answered late; let other work end, and try again`,
  );
