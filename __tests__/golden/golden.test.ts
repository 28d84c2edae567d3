import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { App } from 'cdktf';
import { loadEnvironment } from '../../model/environment';
import { loadApps } from '../../model/release/app';
import { composeEnvironment } from '../../stacks/compose-environment';
import { normalise } from './normalise';

const ENVIRONMENTS = ['dev', 'lab', 'production', 'staging'];

/** What the program makes of an example environment, by file name. */
function synthesize(environment: string): Map<string, string> {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'drover-golden-'));
  try {
    const app = new App({ outdir });
    composeEnvironment(app, loadEnvironment(`environments/${environment}.yaml`), loadApps('releases/apps'));
    app.synth();
    const stacks = path.join(outdir, 'stacks');
    return new Map(
      fs.readdirSync(stacks).flatMap((stack) => {
        const json: unknown = JSON.parse(fs.readFileSync(path.join(stacks, stack, 'cdk.tf.json'), 'utf8'));
        return [...normalise(stack, json).files];
      }),
    );
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

function filesBelow(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => fs.statSync(path.join(folder, file)).isFile());
}

/** The first lines that differ, with their numbers: enough to know where to look. */
function difference(name: string, before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  const line = at < 0 ? a.length : at;
  return [`${name}:${String(line + 1)}`, `- ${a[line]?.trim() ?? ''}`, `+ ${b[line]?.trim() ?? ''}`].join('\n  ');
}

describe.each(ENVIRONMENTS)('%s:', (environment) => {
  const golden = path.join(__dirname, environment);
  const made = synthesize(environment);

if (process.env['GOLDEN'] === 'write') {
  fs.rmSync(golden, { recursive: true, force: true });
  for (const [name, text] of made) {
    const file = path.join(golden, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

test(`the stacks are those that were reviewed (npm run golden writes them anew)`, () => {
  const differences = [...new Set([...filesBelow(golden), ...made.keys()])].sort().flatMap((name) => {
    const file = path.join(golden, name);
    const after = made.get(name);
    if (after === undefined) return [`${name}: no longer made`];
    if (!fs.existsSync(file)) return [`${name}: new`];
    const before = fs.readFileSync(file, 'utf8');
    return before === after ? [] : [difference(name, before, after)];
  });
  expect(differences).toEqual([]);
});

test('nothing that was synthesized holds a number token, an unresolved token or a path of this machine', () => {
  const bad = /e\+298|\$\{TfToken|TOKEN\.\d+/;
  const guilty = [...made].filter(([, text]) => bad.test(text) || text.includes(process.cwd()) || text.includes(os.tmpdir()));
  expect(guilty.map(([name]) => name)).toEqual([]);
});
});
