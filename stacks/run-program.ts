import { ConstructError } from '../constructs/core/errors';
import { InvalidEnvironmentError, ModelError } from '../model/errors';

/** What a person can mend: its message says all, a stack trace would hide it. */
const EXPECTED = [InvalidEnvironmentError, ModelError, ConstructError];

/** Runs an entry point; input that cannot be composed is told in its own words, with exit code 2. */
export function runProgram(program: () => void): void {
  try {
    program();
  } catch (error) {
    if (!(error instanceof Error) || !EXPECTED.some((kind) => error instanceof kind)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
