import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { loadEnvironments, type Environment } from '../../model/environment';
import { stackNamesOf } from '../../model/stack-names';
import { readManifest, readStacks } from '../../rehearsal/synthesized';
import { synthesize } from '../../rehearsal/synth';
import { writing } from '../../rehearsal/workspace';
import { environmentsDir, programEnvironment, type Context } from '../context';
import { exitCodeHelp } from '../errors';
import { countTypes } from '../inventory/collect';
import type { Register } from '../program';

/** The second entry beside main.ts, run as cdktf.json runs that. */
const APP = 'node tools/app.mjs prepare.ts';

const annotated = z.looseObject({ annotations: z.array(z.looseObject({ message: z.string() })).default([]) });

export const prepareCommand: Register = (program, context) => {
  program
    .command('prepare')
    .argument('<environment>', 'environment to prepare')
    .description('Writes the small Terraform configuration of what must exist before the first deploy; applies nothing')
    .addHelpText(
      'after',
      `\nIt goes to prepare/<environment>/cdk.tf.json, and its state beside it. Run again, it replaces the file and leaves\nthe state.\n\nExample:\n  drover prepare dev\n\n${exitCodeHelp}`,
    )
    .action(async (name: string) => prepare(context, name));
};

async function prepare(context: Context, name: string): Promise<void> {
  // A mistake in the file is told with its line before anything runs.
  const [loaded] = loadEnvironments(environmentsDir(context), name);
  const scratch = path.join(context.projectRoot, '.drover', 'prepare');
  writing(scratch, () => mkdirSync(scratch, { recursive: true, mode: 0o700 }));
  const out = mkdtempSync(path.join(scratch, `${name}-`));
  try {
    const [stack] = await synthesize({
      projectRoot: context.projectRoot,
      environment: name,
      out,
      app: APP,
      env: { ...programEnvironment(context), DROVER_ENVIRONMENT: name },
      logFile: path.join(scratch, `${name}.txt`),
      interruption: context.interruption,
    });
    if (stack === undefined || loaded === undefined) return;
    const { content } = stack;
    const state = `${stack.name}.tfstate`;
    // The file moves out of cdktf's folder, and the path of its state with it.
    const local = { ...content, terraform: { ...content.terraform, backend: { local: { path: state } } } };
    const folder = path.join(context.projectRoot, 'prepare', name);
    const file = path.join(folder, 'cdk.tf.json');
    writing(file, () => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, `${JSON.stringify(local, null, 2)}\n`);
    });
    context.out(
      instructions(context, loaded, {
        folder,
        state,
        types: countTypes(readStacks(out)),
        warnings: warningsIn(out, stack.name),
      }),
    );
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function warningsIn(out: string, stack: string): string[] {
  return annotated.parse(readManifest(out).stacks[stack]).annotations.map((it) => it.message);
}

/** The configuration that was written. */
interface Written {
  readonly folder: string;
  readonly state: string;
  readonly types: ReadonlyMap<string, number>;
  readonly warnings: readonly string[];
}

function instructions(context: Context, environment: Environment, { folder, state, types, warnings }: Written): string {
  const near = path.relative(context.workingDirectory, folder);
  const shown = near.startsWith('..') ? folder : near;
  return [
    `wrote ${path.join(shown, 'cdk.tf.json')}, which makes:`,
    ...[...types].map(([type, count]) => `  ${count} ${type}`),
    ...warnings.map((it) => `note: ${it}`),
    '',
    'next, with credentials of the account that the environment is for:',
    `  terraform -chdir=${shown} init`,
    `  terraform -chdir=${shown} plan`,
    `  terraform -chdir=${shown} apply`,
    '',
    `keep ${path.join(shown, state)}: it is the only record of what was made. Then, in the project's folder:`,
    ...deployment(environment),
    '',
  ].join('\n');
}

/** The commands of the README: the first stack's plan is the first that can be read, and a deploy wants to know which. */
function deployment(environment: Environment): string[] {
  const { name } = environment;
  const [first = name] = stackNamesOf(environment);
  return [
    `  export ENVIRONMENT=${name}`,
    `  npx cdktf synth && npx drover inventory ${name}`,
    `  npx cdktf diff ${first}`,
    // Without the option siblings stop when one stack fails (https://github.com/hashicorp/terraform-cdk/issues/3206).
    `  node --unhandled-rejections=warn node_modules/cdktf-cli/bundle/bin/cdktf deploy '${name}-*'`,
  ];
}
