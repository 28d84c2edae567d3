import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { loadEnvironments, type Environment } from '../../model/environment';
import { synthesize } from '../../rehearsal/synth';
import type { SynthesizedStack } from '../../rehearsal/synthesized';
import { writing } from '../../rehearsal/workspace';
import { environmentsDir, programEnvironment, type Context } from '../context';
import { excludingOptions, exitCodeHelp } from '../errors';
import { ansibleInventory } from '../inventory/ansible';
import { collectInventory } from '../inventory/collect';
import { inventoryTree } from '../inventory/tree';
import type { Register } from '../program';

export const inventoryCommand: Register = (program, context) => {
  program
    .command('inventory')
    .argument('<environment>', 'environment to list')
    .description('Lists what the program makes of an environment: site, stack, construct, types; asks no cloud')
    .option('--json', 'print it as JSON, with every address')
    .option('--ansible', 'print the servers as an Ansible inventory (YAML)')
    .addHelpText('after', `\nExample:\n  drover inventory dev\n\n${exitCodeHelp}`)
    .action(async (name: string, options: { readonly json?: true; readonly ansible?: true }) => {
      if (options.json && options.ansible) throw excludingOptions('--json', '--ansible');
      const environment = loadEnvironments(environmentsDir(context), name)[0];
      if (environment === undefined) return;
      const stacks = await synthesizeOnce(context, environment);
      const inventory = collectInventory(environment, stacks);
      if (options.ansible) context.out(ansibleInventory(environment, stacks));
      else context.out(options.json ? `${JSON.stringify(inventory, null, 2)}\n` : inventoryTree(inventory));
    });
};

/** Synthesizes into a folder of this run alone, so that it disturbs no rehearsal. */
async function synthesizeOnce(context: Context, { name }: Environment): Promise<SynthesizedStack[]> {
  const scratch = path.join(context.projectRoot, '.drover', 'inventory');
  writing(scratch, () => mkdirSync(scratch, { recursive: true, mode: 0o700 }));
  const out = mkdtempSync(path.join(scratch, `${name}-`));
  try {
    return await synthesize({
      projectRoot: context.projectRoot,
      environment: name,
      out,
      env: programEnvironment(context),
      logFile: path.join(scratch, `${name}.txt`),
      interruption: context.interruption,
    });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
