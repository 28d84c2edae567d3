import { App, Manifest } from 'cdktf';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Environment } from '../../model/environment';
import { composeEnvironment } from '../../stacks/compose-environment';
import { lab } from '../model/lab';

interface StackManifest {
  readonly name: string;
  readonly dependencies: readonly string[];
}

function stacksOf(environment: Environment): StackManifest[] {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'drover-machines-'));
  try {
    const app = new App({ outdir });
    composeEnvironment(app, environment, []);
    app.synth();
    const manifest = JSON.parse(fs.readFileSync(path.join(outdir, Manifest.fileName), 'utf8')) as {
      stacks: Record<string, StackManifest>;
    };
    return Object.values(manifest.stacks);
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

const machines = '{ files: { machine: { instanceType: m7i.large, image: ami-0a1b2c3d4e5f60718 } } }';

test('machines need the network of their site and nothing of Rancher, and nothing waits for them', () => {
  const stacks = stacksOf(lab(['cidr: 10.30.0.0/17 }', `cidr: 10.30.0.0/17, machines: ${machines} }`]));
  const ofMachines = stacks.filter(({ name }) => name.endsWith('-machines'));
  expect(ofMachines).toMatchObject([{ name: 'lab-us-machines', dependencies: ['lab-us-network'] }]);
  expect(stacks.flatMap(({ dependencies }) => dependencies)).not.toContain('lab-us-machines');
});

test('a site without machines has no such stack', () => {
  expect(stacksOf(lab()).map(({ name }) => name)).not.toContainEqual(expect.stringMatching(/-machines$/));
});
