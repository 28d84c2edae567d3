import './tools/no-token-traces.cjs';
import { join } from 'node:path';
import { App } from 'cdktf';
import { loadEnvironments } from './model/environment';
import { ConstructError } from './constructs/core/errors';
import { InvalidEnvironmentError, ModelError } from './model/errors';
import { loadApps } from './model/release/app';
import { checkApps } from './model/release/check-apps';
import { composeEnvironment } from './stacks/compose-environment';

/** Composes every environment, or the one that ENVIRONMENT names, into its stacks. */
function main(): void {
  const only = process.env['ENVIRONMENT'];
  const environments = loadEnvironments(process.env['ENVIRONMENTS_DIR'] ?? 'environments', only);
  const apps = loadApps(join(process.env['RELEASES_DIR'] ?? 'releases', 'apps'));
  // An override may be meant for an environment that is not part of this run.
  if (only === undefined) checkApps(apps, environments);

  const app = new App();
  for (const environment of environments) composeEnvironment(app, environment, apps);
  app.synth();
}

try {
  main();
} catch (error) {
  const isExpected = [InvalidEnvironmentError, ModelError, ConstructError].some((kind) => error instanceof kind);
  if (!isExpected || !(error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
