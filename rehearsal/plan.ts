import { guardPlan } from '../review/guard';
import type { Verdict } from '../review/verdict';
import { readState } from './state';
import { remoteStatesOf, type SynthesizedStack } from './synthesized';
import type { StackPlan, Terraform } from './terraform';

/** What planning a stack came to: a plan, or the stacks that must be deployed before it can be planned. */
export type PlanResult = StackPlan | { readonly stack: string; readonly waitsFor: readonly string[] };

/** What planning an environment came to. */
export interface EnvironmentPlan {
  readonly results: readonly PlanResult[];
  readonly verdicts: readonly Verdict[];
}

/** Plans every stack in the order of a deploy, against what exists now. Nothing is changed. */
export async function planStacks(
  terraform: Pick<Terraform, 'plan'>,
  stacks: readonly SynthesizedStack[],
  on: { planned: (result: PlanResult) => void },
): Promise<EnvironmentPlan> {
  const results: PlanResult[] = [];
  for (const stack of stacks) {
    const waitsFor = missingUpstreams(stack);
    const result = waitsFor.length > 0 ? { stack: stack.name, waitsFor } : await terraform.plan(stack);
    results.push(result);
    on.planned(result);
  }
  return { results, verdicts: results.filter(isPlan).flatMap((it) => guardPlan(it.stack, it.changes)) };
}

export const isPlan = (result: PlanResult): result is StackPlan => 'changes' in result;

/** The stacks whose state lacks a value that this stack uses: they were never deployed, or not since the value is used. */
function missingUpstreams({ content, dependencies }: SynthesizedStack): string[] {
  const used = [...JSON.stringify(content).matchAll(/data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)/g)];
  return remoteStatesOf(content).flatMap(([name, { config }]) => {
    const { outputs } = readState(String(config['path']));
    const isMissing = used.some(([, remote, output]) => remote === name && !outputs.includes(output ?? ''));
    // cdktf names the data source after the stack that it reads.
    return isMissing ? [dependencies.find((it) => name.endsWith(it)) ?? name] : [];
  });
}
