// Prints a line for each test file of jest's report, with its seconds.
// Usage: node tools/jest-files.mjs REPORT
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

for (const { name, status, startTime, endTime } of JSON.parse(readFileSync(process.argv[2], 'utf8')).testResults) {
  const seconds = ((endTime - startTime) / 1000).toFixed(0);
  console.log(`${status === 'passed' ? 'ok  ' : 'FAIL'}  ${basename(name).padEnd(28)} ${seconds.padStart(3)}s`);
}
