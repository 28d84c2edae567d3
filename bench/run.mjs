// Synth of generated fleets: Drover's app command against the stock CDKTF TypeScript template's (ts-node), same resources.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { countResources, writeFleet } from './fleet.mjs';

const HELP = `Measures the app process of a synth, Drover's way and the stock way in turn, on two generated fleets.

  npm run bench -- [--runs 3] [--small-only]

Ends with "ratio N.Nx": the smaller of the two medians' ratios (stock / Drover). Exit: 0 measured, 1 a run failed.`;

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, 'small-only': { type: 'boolean' }, help: { type: 'boolean' } },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const SIZES = [
  { label: 'about 500', environments: 1, clusters: 2, nodeGroups: 2 },
  { label: 'about 5,000', environments: 3, clusters: 9, nodeGroups: 3 },
].slice(0, values['small-only'] ? 1 : 2);

const { app } = JSON.parse(fs.readFileSync('cdktf.json', 'utf8'));
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'drover-bench-'));
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));

/** One run of a command; wall seconds and the app's peak memory in MiB. */
function run(command, fleet, output, env = {}) {
  const usage = path.join(work, 'usage');
  fs.rmSync(usage, { force: true });
  fs.rmSync(output, { recursive: true, force: true });
  const started = process.hrtime.bigint();
  const { status, stderr, stdout } = spawnSync(command, {
    shell: true,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: {
      ...process.env,
      CHECKPOINT_DISABLE: '1',
      ENVIRONMENTS_DIR: fleet,
      CDKTF_OUTDIR: output,
      NODE_OPTIONS: `--require ${path.resolve('bench/usage.cjs')}`,
      BENCH_USAGE: usage,
      ...env,
    },
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (status !== 0) {
    console.error(`'${command}' failed (${status})\n${stdout}\n${stderr}`);
    process.exit(1);
  }
  const peaks = fs.readFileSync(usage, 'utf8').trim().split('\n').map(Number);
  return { seconds, mebibytes: Math.round(Math.max(...peaks) / 1024) };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const summary = (runs) => ({
  seconds: median(runs.map((it) => it.seconds)),
  mebibytes: median(runs.map((it) => it.mebibytes)),
});

/** Both ways must have written the same, to the byte, or their times say nothing. */
function compare(output, stockOutput) {
  const { status, stdout } = spawnSync('diff', ['-rq', output, stockOutput], { encoding: 'utf8' });
  if (status === 0) return;
  console.error(`the two ways do not write the same\n${stdout}`);
  process.exit(1);
}

function measure(size) {
  const fleet = path.join(work, `fleet-${size.clusters}`);
  const output = path.join(work, 'out');
  const stockOutput = path.join(work, 'stock-out');
  writeFleet(fleet, size);
  fs.rmSync('dist/main.cjs', { force: true });
  const first = run(app, fleet, output);
  // The template's own words: "app": "npx ts-node main.ts".
  const stockCommand = 'npx ts-node --project bench/tsconfig.json bench/stock.ts';
  const ours = [];
  const stock = [];
  for (let i = 0; i < Number(values.runs); i++) {
    ours.push(run(app, fleet, output));
    stock.push(run(stockCommand, fleet, stockOutput));
  }
  compare(output, stockOutput);
  const resources = countResources(output);
  const whole = run(`node_modules/.bin/cdktf synth --output ${output}`, fleet, output);
  return { label: size.label, resources, first, ours: summary(ours), stock: summary(stock), whole };
}

const results = SIZES.map(measure);
for (const { label, resources, first, ours, stock, whole } of results) {
  console.log(`\n${label} resources (${resources})`);
  console.log(
    `  Drover's app    ${ours.seconds.toFixed(2)} s  ${((ours.seconds * 1000) / resources).toFixed(2)} ms a resource  ${ours.mebibytes} MiB`,
  );
  console.log(`    after a change  ${first.seconds.toFixed(2)} s, as the program is bundled again`);
  console.log(
    `  stock ts-node   ${stock.seconds.toFixed(2)} s  ${((stock.seconds * 1000) / resources).toFixed(2)} ms a resource  ${stock.mebibytes} MiB`,
  );
  console.log(`  app process     ${(stock.seconds / ours.seconds).toFixed(1)}x`);
  console.log(`  cdktf synth     ${whole.seconds.toFixed(2)} s as a whole (Drover)`);
}
console.log(`ratio ${Math.min(...results.map(({ ours, stock }) => stock.seconds / ours.seconds)).toFixed(1)}x`);
