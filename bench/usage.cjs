// Preloaded into every process of a run: the last one to end is the app, and leaves its peak memory behind.
const fs = require('node:fs');
process.on('exit', () => {
  if (process.env.BENCH_USAGE) fs.appendFileSync(process.env.BENCH_USAGE, `${process.resourceUsage().maxRSS}\n`);
});
