import './tools/no-token-traces.cjs';
import './tools/plain-values.cjs';
import { join } from 'node:path';
import { App } from 'cdktf';
import { loadEnvironments } from './model/environment';
import { loadApps } from './model/release/app';
import { checkApps } from './model/release/check-apps';
import { composeEnvironment } from './stacks/compose-environment';
import { runProgram } from './stacks/run-program';

/** Composes every environment, or the one that ENVIRONMENT names, into its stacks. */
runProgram(() => {
  const only = process.env['ENVIRONMENT'];
  const environments = loadEnvironments(process.env['ENVIRONMENTS_DIR'] ?? 'environments', only);
  const apps = loadApps(join(process.env['RELEASES_DIR'] ?? 'releases', 'apps'));
  // An override may be meant for an environment that is not part of this run.
  if (only === undefined) checkApps(apps, environments);

  const app = new App();
  for (const environment of environments) composeEnvironment(app, environment, apps);
  app.synth();
});
