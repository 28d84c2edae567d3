// Prints what failed in the output of `go test -json`: the tests that failed, and what did not compile. The thousands of
// lines of the tests that passed would hide it.
// Usage: node tools/go-failures.mjs FILE
import { readFileSync } from 'node:fs';

const eventOf = (line) => (line.startsWith('{') ? JSON.parse(line) : { Output: `${line}\n` });
const nameOf = ({ Package, Test = '' }) => `${Package} ${Test}`;

const events = readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map(eventOf);
const failed = new Set(events.filter(({ Action }) => Action === 'fail').map(nameOf));
for (const event of events) {
  if (event.Output && (event.Package === undefined || failed.has(nameOf(event)))) process.stdout.write(event.Output);
}
