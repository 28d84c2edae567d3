import { Interruption } from '../rehearsal/interruption';
import type { Context } from './context';
import { runDrover } from './program';

const interruption = new Interruption();
const context: Context = {
  // Set by bin.mjs, which knows where the sources are.
  projectRoot: process.env['DROVER_ROOT'] ?? process.cwd(),
  workingDirectory: process.cwd(),
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  interruption,
  ...(process.stdout.isTTY ? { columns: process.stdout.columns } : {}),
};

let asked = 0;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    asked++;
    const text =
      asked === 1
        ? 'stopping: what Terraform has in hand is finished first'
        : 'still waiting for Terraform to write its state';
    process.stderr.write(`\n${text}\n`);
    interruption.raise();
  });
}
// A reader that stops early, such as `| head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

void runDrover(process.argv.slice(2), context).then((code) => {
  process.exitCode = code;
});
