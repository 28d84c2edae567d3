import './tools/no-token-traces.cjs';
import './tools/plain-values.cjs';
import { App } from 'cdktf';
import { ConstructError } from './constructs/core/errors';
import { loadEnvironments } from './model/environment';
import { PrepareStack } from './stacks/prepare-stack';
import { runProgram } from './stacks/run-program';

/** Composes what must exist before the first deploy of the environment that DROVER_ENVIRONMENT names. */
runProgram(() => {
  const app = new App();
  const directory = process.env['ENVIRONMENTS_DIR'] ?? 'environments';
  const name = process.env['DROVER_ENVIRONMENT'];
  if (name === undefined || name === '') {
    throw new ConstructError("'DROVER_ENVIRONMENT' is not set; name the environment to prepare, such as 'dev'");
  }
  for (const environment of loadEnvironments(directory, name)) new PrepareStack(app, environment);
  app.synth();
});
