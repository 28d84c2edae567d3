// Prints what failed in the output of `go test -json`: the tests that failed, those that never ended (their output holds
// where each goroutine stood when the time was over), and what did not compile. The thousands of lines of the tests that
// passed would hide it.
// Usage: node tools/go-failures.mjs FILE
import { readFileSync } from 'node:fs';

const eventOf = (line) => (line.startsWith('{') ? JSON.parse(line) : { Output: `${line}\n` });
const nameOf = ({ Package, Test = '' }) => `${Package} ${Test}`;
const endedWell = new Set(['pass', 'skip']);

const events = readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map(eventOf);
const wentWell = new Set(events.filter(({ Action }) => endedWell.has(Action)).map(nameOf));
for (const event of events) {
  const isOfATest = event.Package !== undefined;
  if (event.Output && !(isOfATest && wentWell.has(nameOf(event)))) process.stdout.write(event.Output);
}
