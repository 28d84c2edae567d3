import { availableParallelism } from 'node:os';
import type { SynthesizedStack } from './synthesized';
import type { StackPlan, Terraform } from './terraform';

/** Plans every stack once more. After a deploy each must be empty: what Terraform made is what the program says. */
export async function secondPlans(
  terraform: Pick<Terraform, 'plan'>,
  stacks: readonly SynthesizedStack[],
): Promise<StackPlan[]> {
  const plans = new Map<string, StackPlan>();
  const left = [...stacks];
  const worker = async (): Promise<void> => {
    for (let stack = left.shift(); stack !== undefined; stack = left.shift()) {
      plans.set(stack.name, await terraform.plan(stack));
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
  return stacks.flatMap((it) => plans.get(it.name) ?? []);
}

/** Whether a plan changes nothing. */
export const isEmptyPlan = ({ changes, outputs, errors, limits }: StackPlan): boolean =>
  changes.length + outputs.length + errors.length + limits.length === 0;
