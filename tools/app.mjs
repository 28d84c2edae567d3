// Runs an entry point of the program, such as `node tools/app.mjs main.ts`, from its bundle.
import { createRequire } from 'node:module';
import { bundleOf } from './bundle.mjs';

const [entry] = process.argv.slice(2);
if (entry === undefined) {
  process.stderr.write('usage: node tools/app.mjs <entry point>, such as main.ts\n');
  process.exit(2);
}
createRequire(import.meta.url)(await bundleOf(entry));
