import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

const generated =
  /package-lock\.json|go\.sum|(^|\/)golden\/|\.snap$|schema\.json$|behaviour\/.*\.json|docs\/reference\//;
const code = /\.(ts|mjs|cjs|go|sh|bats|yaml|tpl|py)$/;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && fs.existsSync(file) && !generated.test(file));
const lines = files
  .filter((file) => code.test(file))
  .map((file) => ({ file, count: fs.readFileSync(file, 'utf8').split('\n').length - 1 }))
  .sort((a, b) => a.count - b.count);

test('no file is longer than 300 lines', () => {
  // An environment is as long as the fleet that it describes.
  expect(lines.filter(({ file, count }) => count > 300 && !file.startsWith('environments/'))).toEqual([]);
});

test('half of the files have 100 lines or fewer', () => {
  expect(lines[Math.floor(lines.length / 2)]?.count).toBeLessThanOrEqual(100);
});

test('there are no barrels', () => {
  expect(files.filter((file) => /(^|\/)index\.[jt]s$/.test(file))).toEqual([]);
});

test('no text names a path of the machine that it was written on', () => {
  const paths = /(^|[\s"'`(=])\/(work|root|home)\/[a-z]/;
  const guilty = files.filter((file) => file !== 'LICENSE' && paths.test(fs.readFileSync(file, 'utf8')));
  expect(guilty).toEqual([]);
});

test('the README fits on two screens', () => {
  expect(fs.readFileSync('README.md', 'utf8').split('\n').length).toBeLessThanOrEqual(150);
});
