// Prints the tests that failed in a report of `jest --json`, with what each of them said: first of all that is to be read,
// before the output of the whole run.
// Usage: node tools/jest-failures.mjs REPORT
import { existsSync, readFileSync } from 'node:fs';

const file = process.argv[2];
const { testResults } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { testResults: [] };
for (const suite of testResults) {
  const failed = suite.assertionResults.filter(({ status }) => status === 'failed');
  for (const test of failed) process.stdout.write(`${test.fullName}\n${test.failureMessages.join('\n')}\n\n`);
  if (failed.length === 0 && suite.status === 'failed') process.stdout.write(`${suite.name}\n${suite.message}\n\n`);
}
