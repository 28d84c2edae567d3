import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { allFaults, faultsNamed, faultsOn } from '../../../../rehearsal/hosts/faults/all';

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

test('all means each that fits, in their order', () => {
  expect(faultsNamed('all', 'cloud')).toEqual(faultsOn('cloud'));
  expect(faultsNamed('reboot', 'cloud').map((it) => it.name)).toEqual(['reboot']);
  expect(faultsNamed('all', 'metal').map((it) => it.name)).toEqual(['server-power-cut', 'gate-power-cut', 'host-lost']);
});

test('each fits somewhere, and one that does not fit here is refused', () => {
  expect(new Set([...faultsOn('cloud'), ...faultsOn('metal')])).toEqual(new Set(allFaults));
  expect(() => faultsNamed('worker-lost', 'metal')).toThrow(
    "'--fault worker-lost' is not for machines on metal; '--faults' lists what fits this environment",
  );
  expect(() => faultsNamed('host-lost', 'cloud')).toThrow("'--fault host-lost' is not for machines in a cloud");
});

test('an unknown name is refused with what was probably meant', () => {
  expect(() => faultsNamed('rebot', 'cloud')).toThrow(
    "'--fault rebot' is not known; did you mean 'reboot'? '--faults' lists them, 'all' means each",
  );
  expect(() => faultsNamed('earthquake', 'cloud')).toThrow(
    "'--fault earthquake' is not known; '--faults' lists them, 'all' means each",
  );
});

test('docs/faults.md holds the table as the code says it', () => {
  const squeezed = (text: string): string => text.replace(/ +/g, ' ').trim();
  const page = readFileSync(path.join(root, 'docs', 'faults.md'), 'utf8')
    .split('\n')
    .map(squeezed);
  const rows = allFaults.map((it) => `| \`${it.name}\` | ${it.does} | ${it.end}: ${it.expected} | ${it.boundSec} |`);
  expect(page.filter((it) => /^\| `/.test(it))).toEqual(rows.map(squeezed));
});
