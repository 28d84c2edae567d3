import { App } from 'cdktf';
import { loadEnvironments } from '../model/environment';
import { loadApps } from '../model/release/app';
import { composeEnvironment } from '../stacks/compose-environment';

// The stock template's way of starting the same program: ts-node compiles and checks, tokens record their traces.
const app = new App();
const apps = loadApps('releases/apps');
for (const environment of loadEnvironments(process.env['ENVIRONMENTS_DIR'] ?? 'environments')) {
  composeEnvironment(app, environment, apps);
}
app.synth();
