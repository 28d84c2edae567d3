import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { exitCodes } from '../../rehearsal/errors';
import { guardPlan } from '../../review/guard';
import { countActions, planChanges, type PlanChange } from '../../review/plan-changes';
import type { Verdict } from '../../review/verdict';
import type { Context } from '../context';
import { exitCodeHelp, notAPlan, unreadablePlan } from '../errors';
import type { Register } from '../program';
import { verdictLine } from '../verdict-line';

/** A plan that was judged. */
interface Reviewed {
  readonly stack: string;
  readonly changes: readonly PlanChange[];
  readonly verdicts: readonly Verdict[];
}

const HELP = `
Terraform writes such a file for one stack, whose name it has to bear:
  cd cdktf.out/stacks/dev-eu-network && terraform init && terraform plan -out=plan
  terraform show -json plan > dev-eu-network.json
It holds secrets: delete it afterwards.

Example:
  drover review dev-eu-network.json

${exitCodeHelp} A refused plan is 1.`;

export const reviewCommand: Register = (program, context, ended) => {
  program
    .command('review')
    .argument('<plan.json...>', "plans of stacks, as 'terraform show -json' writes them")
    .description('Has the guard judge plans before they are applied; asks no cloud')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', HELP)
    .action((files: readonly string[], options: { readonly json?: true }) => {
      const reviewed = files.map((file) => review(context, file));
      const ok = reviewed.every(({ verdicts }) => verdicts.every((it) => it.ok));
      context.out(
        options.json ? `${JSON.stringify({ ok, stacks: reviewed.map(forPrograms) }, null, 2)}\n` : text(reviewed),
      );
      ended(ok ? exitCodes.ok : exitCodes.failed);
    });
};

function review({ workingDirectory }: Context, file: string): Reviewed {
  const stack = path.basename(file, '.json');
  const changes = changesIn(path.resolve(workingDirectory, file), file);
  return { stack, changes, verdicts: guardPlan(stack, changes) };
}

function changesIn(absolute: string, shown: string): PlanChange[] {
  let content: string;
  try {
    content = readFileSync(absolute, 'utf8');
  } catch (error) {
    throw unreadablePlan(shown, String(error));
  }
  try {
    return planChanges(JSON.parse(content));
  } catch {
    // What is wrong with it could quote a secret.
    throw notAPlan(shown);
  }
}

const forPrograms = ({ stack, changes, verdicts }: Reviewed): unknown => ({
  stack,
  changes: countActions(changes),
  verdicts,
});

function text(reviewed: readonly Reviewed[]): string {
  const lines = reviewed.flatMap(({ stack, changes, verdicts }) => [
    `${stack}: ${counts(changes)}${verdicts.length === 0 ? '; the guard has nothing to say' : ''}`,
    ...verdicts.map(verdictLine),
  ]);
  return `${lines.join('\n')}\n`;
}

function counts(changes: readonly PlanChange[]): string {
  const some = Object.entries(countActions(changes)).filter(([, count]) => count > 0);
  return some.map(([action, count]) => `${count} to ${action}`).join(', ') || 'no changes';
}
