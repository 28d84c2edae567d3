import { CommanderError } from 'commander';
import { InvalidEnvironmentError, ModelError } from '../model/errors';
import { RehearsalError, exitCodes, type ExitCode } from '../rehearsal/errors';

/** A command line that cannot be carried out. */
export class UsageError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export const excludingOptions = (one: string, other: string): UsageError =>
  new UsageError(`'${one}' and '${other}' exclude each other; say one of them`);

export const onlyWith = (option: string, other: string): UsageError =>
  new UsageError(`'${option}' means something only together with '${other}'`);

export const notANumber = (option: string, got: string): UsageError =>
  new UsageError(`'${option} ${got}' must be a whole number of 1 or more`);

export const unreadablePlan = (file: string, why: string): UsageError =>
  new UsageError(`plan '${file}' cannot be read: ${why}`);

export const notAPlan = (file: string): UsageError =>
  new UsageError(
    `'${file}' is no plan in JSON; write one with 'terraform plan -out=plan' and 'terraform show -json plan'`,
  );

/** The exit code that an error stands for, as the help documents it. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof RehearsalError) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
  const isInput = [UsageError, InvalidEnvironmentError, ModelError].some((kind) => error instanceof kind);
  return isInput ? exitCodes.badInput : exitCodes.failed;
}

export const exitCodeHelp = [
  'Exit codes: 0 done, 1 failed, 2 bad usage or input, 3 a prerequisite is missing, 4 another run holds the lock,',
  '130 interrupted.',
].join('\n');
