import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { StackFile, SynthesizedStack } from '../../../rehearsal/synthesized';

/** A backend as the program's base stack writes it. */
export const s3Backend = (key: string): Record<string, Record<string, unknown>> => ({
  s3: { bucket: 'acme', region: 'eu-west-1', key, encrypt: true, use_lockfile: true },
});

/** A stack as it is read after a synth. */
export const stackOf = (
  name: string,
  content: Partial<StackFile>,
  dependencies: readonly string[] = [],
): SynthesizedStack => ({
  name,
  dir: `/out/stacks/${name}`,
  dependencies,
  content: { terraform: {}, ...content },
});

/** Writes a `cdktf.out`. */
export function writeOut(out: string, stacks: readonly SynthesizedStack[]): void {
  const manifest = stacks.map(({ name, dependencies, content }) => {
    const file = path.join('stacks', name, 'cdk.tf.json');
    mkdirSync(path.join(out, 'stacks', name), { recursive: true });
    writeFileSync(path.join(out, file), JSON.stringify(content));
    return [name, { name, synthesizedStackPath: file, dependencies }] as const;
  });
  writeFileSync(
    path.join(out, 'manifest.json'),
    JSON.stringify({ version: '0.21.0', stacks: Object.fromEntries(manifest) }),
  );
}
