import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

const REPOSITORY = path.resolve(__dirname, '..', '..', '..');

/** A stack as a test describes it: resources of Terraform's built-in provider need no provider at all. */
export interface TestStack {
  readonly dependencies?: readonly string[];
  readonly resource?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ephemeral?: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, unknown>>;
}

/** A project in a folder of its own, with an app that writes the stacks it is given. */
export class TestProject {
  public readonly root = mkdtempSync(path.join(tmpdir(), 'drover-'));
  private readonly bin = path.join(this.root, 'bin');

  public constructor() {
    this.write('app.js', APP);
    this.write(
      'cdktf.json',
      JSON.stringify({ language: 'typescript', app: 'node app.js', projectId: 'test', sendCrashReports: 'false' }),
    );
    this.write('rehearsal/provider/bin/drover-provider', '#!/bin/sh\nexit 1\n');
    mkdirSync(this.bin);
  }

  /** Gives it the repository's own environments, releases and dependencies. */
  public linkRepository(): void {
    for (const name of ['environments', 'releases', 'node_modules', 'rehearsal/terraform.sh']) {
      symlinkSync(path.join(REPOSITORY, name), this.file(name));
    }
  }

  public setStacks(stacks: Readonly<Record<string, TestStack>>): void {
    this.write('stacks.json', JSON.stringify(stacks));
  }

  /** Puts a program on the PATH that is used before the real one of that name. */
  public program(name: string, script: string): void {
    this.script(`bin/${name}`, script);
  }

  /** Writes a program anywhere in the project. */
  public script(name: string, script: string): void {
    this.write(name, `#!/bin/sh\n${script}\n`);
    chmodSync(this.file(name), 0o755);
  }

  public read(name: string): string {
    return readFileSync(this.file(name), 'utf8');
  }

  public write(name: string, text: string): void {
    mkdirSync(path.dirname(this.file(name)), { recursive: true });
    writeFileSync(this.file(name), text);
  }

  public file(...names: readonly string[]): string {
    return path.join(this.root, ...names);
  }

  /** Variables with this project's programs on the PATH: before the real ones, or alone. */
  public env(real: 'with real programs' | 'alone' = 'with real programs'): Record<string, string | undefined> {
    const others = real === 'alone' ? '/bin' : (process.env['PATH'] ?? '');
    return { ...process.env, PATH: `${this.bin}:${others}` };
  }

  public remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

const APP = `
const fs = require('node:fs'), path = require('node:path');
const out = process.env.CDKTF_OUTDIR, stacks = JSON.parse(fs.readFileSync('stacks.json', 'utf8')), manifest = { version: '0.21.0', stacks: {} };
for (const [name, { dependencies = [], ...content }] of Object.entries(stacks)) {
  const dir = path.join(out, 'stacks', name);
  fs.mkdirSync(dir, { recursive: true });
  const backend = { s3: { bucket: 'b', region: 'eu-west-1', key: 'dev/' + name + '.tfstate' } };
  fs.writeFileSync(path.join(dir, 'cdk.tf.json'), JSON.stringify({ '//': { metadata: { version: '0.21.0', stackName: name, backend: 's3' }, outputs: {} }, terraform: { backend }, ...content }));
  manifest.stacks[name] = { name, constructPath: name, synthesizedStackPath: 'stacks/' + name + '/cdk.tf.json', workingDirectory: 'stacks/' + name, annotations: [], dependencies };
}
fs.writeFileSync(path.join(out, 'manifest.json'), JSON.stringify(manifest));
`;

/** A remote state as cdktf writes it. */
export const remoteState = (stack: string): Record<string, unknown> => ({
  terraform_remote_state: {
    [`cross-stack-reference-input-${stack}`]: {
      backend: 's3',
      config: { bucket: 'b', region: 'eu-west-1', key: `dev/${stack}.tfstate` },
      workspace: '${terraform.workspace}',
    },
  },
});
