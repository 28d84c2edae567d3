import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { faultListMarkdown } from '../../../../cli/fault-text';
import { allFaults, faultsNamed } from '../../../../rehearsal/hosts/faults/all';

const root = path.resolve(__dirname, '..', '..', '..', '..');

test.each(allFaults)('$name says what it does, what must come of it, and within which time', (fault) => {
  expect(fault.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(existsSync(path.join(root, 'rehearsal', 'hosts', 'faults', `${fault.name}.ts`))).toBe(true);
  for (const text of [fault.does, fault.expected]) expect(text).toMatch(/^[a-zR].{8,}[^.]$/);
  expect(fault.boundSec).toBeGreaterThanOrEqual(30);
  expect(fault.boundSec).toBeLessThanOrEqual(1800);
});

test('each has a name of its own', () => {
  expect(new Set(allFaults.map((it) => it.name)).size).toBe(allFaults.length);
});

test('all means each, in their order', () => {
  expect(faultsNamed('all')).toEqual(allFaults);
  expect(faultsNamed('reboot').map((it) => it.name)).toEqual(['reboot']);
});

test('an unknown name is refused with what was probably meant', () => {
  expect(() => faultsNamed('rebot')).toThrow(
    "'--fault rebot' is not known; did you mean 'reboot'? '--faults' lists them, 'all' means each",
  );
  expect(() => faultsNamed('earthquake')).toThrow(
    "'--fault earthquake' is not known; '--faults' lists them, 'all' means each",
  );
});

test('docs/faults.md holds the table as the code says it', () => {
  const squeezed = (text: string): string => text.replace(/ +/g, ' ').trim();
  const page = readFileSync(path.join(root, 'docs', 'faults.md'), 'utf8')
    .split('\n')
    .map(squeezed);
  expect(page.filter((it) => /^\| `/.test(it))).toEqual(faultListMarkdown(allFaults).map(squeezed));
});
