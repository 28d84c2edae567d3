import { drover, ensureUp } from './lab';

/** Those that show most in the fewest minutes; all of them are run by `--fault all`. */
const FAULTS = [
  'server-power-cut',
  'reboot',
  'cloud-init-twice',
  'server-renewed',
  'disk-renamed',
  'disk-missing',
  'mirror-down',
  'secret-late',
  'disk-full',
  'disk-formatted',
  'first-server-replaced-empty',
  'first-server-replaced-unreachable',
  'token-rotated',
  'group-out-and-in',
  'spot-notice',
];

interface Result {
  readonly ok: boolean;
  readonly faults: readonly { readonly name: string; readonly verdict: string; readonly reason?: string }[];
}

let result: Result;
let seconds: number;

// What is up is left up, for the checks that come after.
beforeAll(() => {
  ensureUp();
  const begin = Date.now();
  const { stdout, stderr } = drover('--hosts', '--json', ...FAULTS.flatMap((it) => ['--fault', it]));
  seconds = (Date.now() - begin) / 1000;
  if (stdout === '') throw new Error(stderr);
  console.log(stderr);
  result = JSON.parse(stdout) as Result;
});

test.each(FAULTS)('%s ends as expected within its bound', (name) => {
  const { verdict, reason } = result.faults.find((it) => it.name === name) ?? {};
  expect([verdict, reason]).toEqual(['as expected', undefined]);
});

test('after all of them everything is well', () => {
  console.log(`${String(FAULTS.length)} faults: ${seconds.toFixed(0)} s`);
  expect(result.ok).toBe(true);
});
